//! The plan in full: every step with its clicks, how to undo it and how to test it; then what is left, and why.

use crate::audit::Step;
use crate::render::TenantReport;
use crate::term::Page;
use crate::term::text::join_few;

/// So many others that hold the role are named.
const NAMED: usize = 6;

pub(super) fn write(page: &mut Page, tenant: &TenantReport) {
    let plan = &tenant.plan;
    if !plan.steps.is_empty() {
        page.blank();
        page.heading("The plan, in this order (first: leastwise snapshot -o before.json)");
        for step in &plan.steps {
            write_step(page, step);
        }
        page.paragraph("leastwise sees only the PSA. Do the test of each step to see that the vendor's product still works.");
    }
    if !plan.left.is_empty() {
        page.blank();
        page.heading("Without a step");
        let row = |left: &crate::audit::Left| {
            let integration = left.integration.as_ref().map(|integration| integration.title.to_string());
            let member = left.member.as_ref().map(ToString::to_string);
            let role = left.role.as_ref().map(|role| format!("role {role}"));
            let who: Vec<_> = [integration.or(member), role].into_iter().flatten().collect();
            (who.join(", "), left.reason.to_string())
        };
        page.list(&plan.left.iter().map(row).collect::<Vec<_>>());
    }
}

fn write_step(page: &mut Page, step: &Step) {
    let ask = if step.decision { " (you decide)" } else { "" };
    page.hanging(&format!("{:>2}  ", step.number), &format!("{}{ask}", step.title()));
    page.under("", &step.why());
    for click in step.clicks() {
        page.under("- ", &click);
    }
    page.under("risk: ", step.risk().as_str());
    for (mark, text) in
        [("test: ", step.test()), ("undo: ", step.undo()), ("cannot be undone: ", step.not_undoable())]
    {
        if let Some(text) = text {
            page.under(mark, &text);
        }
    }
    if step.affects.len() > 1 {
        page.under(&format!("these {}: ", step.others()), &join_few(&step.affects, NAMED));
    }
}
