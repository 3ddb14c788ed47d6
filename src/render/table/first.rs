//! The first screen.

use crate::render::TenantReport;
use crate::term::Page;

pub(super) fn write(_page: &mut Page, _tenant: &TenantReport) {}
