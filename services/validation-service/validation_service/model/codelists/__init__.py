"""Kode referensi: versioned lists of codes, read, compared with one another and looked up."""
