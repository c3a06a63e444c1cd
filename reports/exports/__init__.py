"""The findings as tables and as data: CSV, XLSX, JSON."""

from reports.exports.json_file import SCHEMA_VERSION, report_json
from reports.exports.tables import findings_csv
from reports.exports.workbook import findings_xlsx

__all__ = ["SCHEMA_VERSION", "findings_csv", "findings_xlsx", "report_json"]
