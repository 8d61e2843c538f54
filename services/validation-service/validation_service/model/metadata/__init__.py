"""MS-Ind, MS-Var and MS-Keg: the metadata that BPS asks for, item by item."""
