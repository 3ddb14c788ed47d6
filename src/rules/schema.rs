//! The shape of rule files, for the JSON Schema that editors use. The reader is `rule_file`; a test
//! holds that both accept and refuse the same files.
