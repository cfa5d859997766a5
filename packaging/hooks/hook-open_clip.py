"""open_clip reads its tokenizer's vocabulary at import, and model_configs/ for built-in names."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("open_clip")
