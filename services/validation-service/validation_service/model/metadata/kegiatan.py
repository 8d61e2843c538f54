"""The items of MS-Keg (Peraturan BPS 5/2020): the identity of a kegiatan, then blocks I to VIII."""

from __future__ import annotations

from validation_service.model.metadata.items import Item, Kind


def _block(title: str, *items: tuple[str, str], kinds: dict[str, Kind] | None = None) -> tuple[Item, ...]:
    """The items of one block; ``*`` after a name marks those without which the block says nothing."""
    return tuple(
        Item(
            name=name.rstrip("*"),
            label=label,
            block=title,
            required=name.endswith("*"),
            kind=(kinds or {}).get(name.rstrip("*"), "text"),
            verified=False,
        )
        for name, label in items
    )


MS_KEG = (
    *_block(
        "Identitas",
        ("judul_kegiatan*", "Judul Kegiatan"),
        ("tahun_kegiatan*", "Tahun Kegiatan"),
        ("kode_kegiatan", "Kode Kegiatan (diisi petugas)"),
        ("pengumpulan_data*", "Cara Pengumpulan Data"),
        ("sektor_kegiatan", "Sektor Kegiatan"),
        ("jenis_kegiatan", "Jenis Kegiatan Statistik"),
        ("level_estimasi", "Level Estimasi"),
        ("identitas_rekomendasi", "Identitas Rekomendasi"),
        kinds={"tahun_kegiatan": "year"},
    ),
    *_block(
        "I. Penyelenggara",
        ("instansi_penyelenggara*", "Instansi Penyelenggara"),
        ("alamat_penyelenggara", "Alamat Penyelenggara"),
        ("telepon_penyelenggara", "Telepon Penyelenggara"),
        ("faksimile_penyelenggara", "Faksimile Penyelenggara"),
        ("email_penyelenggara", "Email Penyelenggara"),
    ),
    *_block(
        "II. Penanggung Jawab",
        ("eselon_1", "Unit Eselon Satu"),
        ("eselon_2*", "Unit Eselon Dua"),
        ("nama_penanggungjawab", "Nama Penanggung Jawab"),
        ("jabatan_penanggungjawab", "Jabatan Penanggung Jawab"),
        ("alamat_penanggungjawab", "Alamat Penanggung Jawab"),
        ("telepon_penanggungjawab", "Telepon Penanggung Jawab"),
        ("email_penanggungjawab", "Email Penanggung Jawab"),
        ("faksimile_penanggungjawab", "Faksimile Penanggung Jawab"),
    ),
    *_block(
        "III. Perencanaan dan Persiapan",
        ("latar_belakang*", "Latar Belakang Kegiatan"),
        ("tujuan_kegiatan*", "Tujuan Kegiatan"),
        ("jadwal_perencanaan_kegiatan", "Jadwal Perencanaan Kegiatan"),
        ("jadwal_perencanaan_desain", "Jadwal Perencanaan Desain"),
        ("jadwal_pengumpulan_data", "Jadwal Pengumpulan Data"),
        ("jadwal_pengolahan_data", "Jadwal Pengolahan Data"),
        ("jadwal_analisis_data", "Jadwal Analisis Data"),
        ("jadwal_diseminasi_hasil", "Jadwal Diseminasi Hasil"),
        ("jadwal_evaluasi", "Jadwal Evaluasi"),
        ("variabel_dikumpulkan*", "Variabel yang Dikumpulkan"),
        kinds={"variabel_dikumpulkan": "list"},
    ),
    *_block(
        "IV. Desain Kegiatan",
        ("kegiatan_dilakukan*", "Kegiatan Ini Dilakukan"),
        ("frekuensi_penyelenggaraan", "Frekuensi Penyelenggaraan"),
        ("tipe_pengumpulan_data", "Tipe Pengumpulan Data"),
        ("cakupan_wilayah_pengumpulan_data*", "Cakupan Wilayah Pengumpulan Data"),
        ("provinsi_kegiatan", "Provinsi"),
        ("kota_kegiatan", "Kabupaten/Kota"),
        ("metode_pengumpulan_data*", "Metode Pengumpulan Data"),
        ("sarana_pengumpulan_data", "Sarana Pengumpulan Data"),
        ("unit_pengumpulan_data", "Unit Pengumpulan Data"),
    ),
    *_block(
        "V. Desain Sampel",
        ("jenis_rancangan_sampel", "Jenis Rancangan Sampel"),
        ("metode_pemilihan_sampel_tahap_akhir", "Metode Pemilihan Sampel Tahap Akhir"),
        ("metode_sampel_yang_digunakan", "Metode Sampel yang Digunakan"),
        ("kerangka_sampel_tahap_akhir", "Kerangka Sampel Tahap Akhir"),
        ("fraksi_sampel_keseluruhan", "Fraksi Sampel Keseluruhan"),
        ("nilai_perkiraan_sampling_error_variabel_utama", "Nilai Perkiraan Sampling Error Variabel Utama"),
        ("unit_sampel", "Unit Sampel"),
        ("unit_observasi", "Unit Observasi"),
    ),
    *_block(
        "VI. Penjaminan Kualitas",
        ("pilot_survey", "Apakah Dilakukan Uji Coba?"),
        ("metode_pemeriksaan_kualitas_pengumpulan_data", "Metode Pemeriksaan Kualitas Pengumpulan Data"),
        ("penyesuaian_nonrespon", "Apakah Dilakukan Penyesuaian Nonrespon?"),
        ("petugas_pengumpulan_data", "Petugas Pengumpulan Data"),
        ("pendidikan_petugas", "Persyaratan Pendidikan Petugas"),
        ("jumlah_petugas_supervisor", "Jumlah Petugas Supervisor"),
        ("jumlah_petugas_pengumpul_data", "Jumlah Petugas Pengumpul Data"),
        ("pelatihan_petugas", "Apakah Dilakukan Pelatihan Petugas?"),
        kinds=dict.fromkeys(("pilot_survey", "penyesuaian_nonrespon", "pelatihan_petugas"), "yes_no"),
    ),
    *_block(
        "VII. Pengolahan dan Analisis",
        ("editing", "Penyuntingan"),
        ("coding", "Penyandian"),
        ("data_entry", "Entri Data"),
        ("validasi", "Penyahihan"),
        ("metode_analisis", "Metode Analisis"),
        ("unit_analisis", "Unit Analisis"),
        ("tingkat_penyajian_hasil_analisis", "Tingkat Penyajian Hasil Analisis"),
        kinds=dict.fromkeys(("editing", "coding", "data_entry", "validasi"), "yes_no"),
    ),
    *_block(
        "VIII. Diseminasi Hasil",
        ("hardcopy", "Produk Tercetak"),
        ("softcopy", "Produk Digital"),
        ("data_mikro", "Data Mikro"),
        ("rencana_publikasi", "Rencana Publikasi"),
        kinds=dict.fromkeys(("hardcopy", "softcopy", "data_mikro"), "yes_no"),
    ),
)
