"""What makes reports: gathered, written in chapters, made as PDF, DOCX and XLSX; its pages are ``webapp/reports``."""
