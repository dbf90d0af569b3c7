//! stub
/// h
pub fn html(_r: &super::Report) -> String { String::new() }
