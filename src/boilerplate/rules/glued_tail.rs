//! Notices glued to the last sentence, as Korean and Chinese systems do.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::document::{Kind, Span};
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B09",
    name: "glued-tail",
    findings: &["glued-tail"],
    since: "0.1.0",
    level: Level::Standard,
    why: "A bracket at the very end of the text that forbids reprints or names the editor in charge \
          was put there by the system, often on the last sentence's own line. It is cut out from \
          its opening mark; a sentence that speaks of reprints has no such bracket.",
    removes: &[
        Removes {
            page: "약관을 고친다\n위원회는 약관을 고치기로 했다고 목요일 오후에 밝혔다. [ⓒ 호수일보, 무단전재 및 재배포 금지]",
            gone: &[" [ⓒ 호수일보, 무단전재 및 재배포 금지]"],
        },
        Removes {
            page: "大桥重新开放\n工程部门周四表示，河上的大桥经过半年维修后已经重新开放，双向通车。（责任编辑：王小明）",
            gone: &["（责任编辑：王小明）"],
        },
    ],
    keeps: &[
        "약관을 고친다\n무단전재 및 재배포 금지를 정한 약관도 고친다고 위원회가 밝혔다.\n위원회는 다음 주에 결론을 낸다.",
    ],
    check,
};

/// Words that only such notices have.
const NOTICES: [(&str, Kind); 12] = [
    ("무단전재", Kind::Copyright),
    ("무단 전재", Kind::Copyright),
    ("재배포 금지", Kind::Copyright),
    ("재배포금지", Kind::Copyright),
    ("无断转载", Kind::Copyright),
    ("無断転載", Kind::Copyright),
    ("转载请注明", Kind::Copyright),
    ("责任编辑", Kind::BylineGeneric),
    ("責任編輯", Kind::BylineGeneric),
    ("责编", Kind::BylineGeneric),
    ("編輯：", Kind::BylineGeneric),
    ("编辑：", Kind::BylineGeneric),
];

const BRACKETS: [(char, char); 7] = [
    ('[', ']'),
    ('（', '）'),
    ('(', ')'),
    ('【', '】'),
    ('<', '>'),
    ('〔', '〕'),
    ('［', '］'),
];

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let from = reading.lines.len().saturating_sub(4);
    for (at, seen) in reading.lines.iter().enumerate() {
        if seen.taken || marks.has(at) || at < from && !reading.zones.tail(at) {
            continue;
        }
        let Some(last) = seen.text.chars().next_back() else {
            continue;
        };
        let Some((open, _)) = BRACKETS.into_iter().find(|(_, close)| *close == last) else {
            continue;
        };
        let Some(start) = seen.text.rfind(open) else {
            continue;
        };
        let notice = &seen.text[start..];
        if notice.chars().count() > 80 {
            continue;
        }
        let Some((word, kind)) = NOTICES.into_iter().find(|(word, _)| notice.contains(word)) else {
            continue;
        };
        let evidence = format!("a bracket at the end of the text with “{word}”");
        if start == 0 {
            marks.take(at, "glued-tail", kind, evidence);
        } else {
            // The white space before it goes with it, so that no line ends in a space.
            let start = seen.text[..start].trim_end().len();
            marks.cut(
                Span::new(seen.span.start + start, seen.span.end),
                "glued-tail",
                kind,
                evidence,
            );
        }
    }
}
