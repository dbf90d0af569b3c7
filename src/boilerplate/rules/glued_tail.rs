//! Notices glued to the last sentence, as Korean, Chinese and Japanese systems do.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::shape::{Ending, ending};
use crate::document::{Kind, Span};
use crate::settings::Level;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

pub(super) static RULE: Rule = Rule {
    code: "B09",
    name: "glued-tail",
    findings: &["glued-tail"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "A notice at the very end of the text that forbids reprints or names the editor in charge \
          was put there by the system, often on the last sentence's own line: in brackets, or \
          behind a mark (ⓒ, ※, ▶, \"责任编辑：\") after the last stop. It is cut out from its \
          opening mark; a sentence that speaks of reprints has none.",
    removes: &[
        Removes {
            page: "약관을 고친다\n위원회는 약관을 고치기로 했다고 목요일 오후에 밝혔다. [ⓒ 호수일보, 무단전재 및 재배포 금지]",
            gone: &[" [ⓒ 호수일보, 무단전재 및 재배포 금지]"],
        },
        Removes {
            page: "약관을 고친다\n위원회는 약관을 고치기로 했다고 목요일 오후에 밝혔다. <저작권자(c) 호수일보, 무단 전재-재배포, AI 학습 및 활용 금지>",
            gone: &[" <저작권자(c) 호수일보, 무단 전재-재배포, AI 학습 및 활용 금지>"],
        },
        Removes {
            page: "약관을 고친다\n위원회는 약관을 고치기로 했다고 목요일 오후에 밝혔다. ⓒ 호수일보 & lake.example, 무단 전재 및 재배포 금지",
            gone: &[" ⓒ 호수일보 & lake.example, 무단 전재 및 재배포 금지"],
        },
        Removes {
            page: "大桥重新开放\n工程部门周四表示，河上的大桥经过半年维修后已经重新开放，双向通车。（责任编辑：王小明）",
            gone: &["（责任编辑：王小明）"],
        },
        Removes {
            page: "大桥重新开放\n工程部门周四表示，河上的大桥经过半年维修后已经重新开放，双向通车。返回搜狐，查看更多 责任编辑：王小明",
            gone: &["返回搜狐，查看更多 责任编辑：王小明"],
        },
        Removes {
            page: "大橋重新開放\n工程部門週四表示，河上的大橋經過半年維修後已經重新開放，雙向通車。※未經授權，禁止轉載",
            gone: &["※未經授權，禁止轉載"],
        },
        Removes {
            page: "橋が再び開通\n工事事務所は木曜日、川にかかる橋が半年の補修を終えて再び開通したと発表した。【無断転載禁止】",
            gone: &["【無断転載禁止】"],
        },
        Removes {
            page: "橋が再び開通\n工事事務所は木曜日、川にかかる橋が半年の補修を終えて再び開通したと発表した。（ｃ）湖畔新聞社　無断転載・複製を禁じます",
            gone: &["（ｃ）湖畔新聞社　無断転載・複製を禁じます"],
        },
    ],
    keeps: &[
        "약관을 고친다\n무단전재 및 재배포 금지를 정한 약관도 고친다고 위원회가 밝혔다.\n위원회는 다음 주에 결론을 낸다.",
        "新规定下月实施\n新规定说，转载文章必须注明来源，未经授权不得转载。编辑们对此表示欢迎，认为规定来得正是时候。",
        "编辑部的新规定\n报社周四公布了编辑部的新规定，从下月起实施。责任编辑王小明对此表示欢迎。无断转载的争议由此结束。",
        "無断転載をめぐる裁判\n裁判所は木曜日、写真の無断転載を認めた。禁止の表示（無断転載禁止）が小さすぎたという主張は退けられた。",
    ],
    check,
};

/// Words that only such notices have.
const NOTICES: [(&str, Kind); 27] = [
    ("무단전재", Kind::Copyright),
    ("무단 전재", Kind::Copyright),
    ("무단복제", Kind::Copyright),
    ("무단 복제", Kind::Copyright),
    ("재배포 금지", Kind::Copyright),
    ("재배포금지", Kind::Copyright),
    ("배포 금지", Kind::Copyright),
    ("无断转载", Kind::Copyright),
    ("転載禁止", Kind::Copyright),
    ("無断転載", Kind::Copyright),
    ("無断複製", Kind::Copyright),
    ("無断転用", Kind::Copyright),
    ("无断复制", Kind::Copyright),
    ("转载请注明", Kind::Copyright),
    ("轉載請註明", Kind::Copyright),
    ("禁止转载", Kind::Copyright),
    ("禁止轉載", Kind::Copyright),
    ("不得转载", Kind::Copyright),
    ("不得轉載", Kind::Copyright),
    ("谢绝转载", Kind::Copyright),
    ("责任编辑", Kind::BylineGeneric),
    ("責任編輯", Kind::BylineGeneric),
    ("责编", Kind::BylineGeneric),
    ("責編", Kind::BylineGeneric),
    ("編輯：", Kind::BylineGeneric),
    ("编辑：", Kind::BylineGeneric),
    ("编辑:", Kind::BylineGeneric),
];

/// What a notice without brackets begins with, after the last stop.
const OPENINGS: [&str; 24] = [
    "ⓒ",
    "©",
    "(c)",
    "(C)",
    "（ｃ）",
    "（Ｃ）",
    "※",
    "▶",
    "■",
    "◎",
    "Copyright",
    "저작권자",
    "무단전재",
    "무단 전재",
    "无断转载",
    "無断転載",
    "责任编辑：",
    "责任编辑:",
    "責任編輯：",
    "責任編輯:",
    "责编：",
    "編輯：",
    "编辑：",
    "返回搜狐",
];

/// The longest notice, in characters.
const LONGEST: usize = 80;

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
        let Some((start, how)) = bracket(seen.text)
            .map(|start| (start, "a bracket"))
            .or_else(|| Some((opening(seen.text)?, "a notice")))
        else {
            continue;
        };
        let notice = &seen.text[start..];
        if notice.chars().count() > LONGEST {
            continue;
        }
        let Some((word, kind)) = NOTICES.into_iter().find(|(word, _)| notice.contains(word)) else {
            continue;
        };
        let evidence = format!("{how} at the end of the text with “{word}”");
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

/// Returns where the bracket opens that closes the line; brackets inside it do not count.
fn bracket(line: &str) -> Option<usize> {
    let last = line.chars().next_back()?;
    let (open, close) = BRACKETS.into_iter().find(|(_, close)| *close == last)?;
    let mut depth = 0usize;
    for (at, character) in line.char_indices().rev().take(LONGEST + 1) {
        if character == close {
            depth += 1;
        } else if character == open {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Returns where a notice without brackets begins: right after the last stop that stands before
/// one of its openings.
fn opening(line: &str) -> Option<usize> {
    static ANY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(OPENINGS).ok());
    // The cheap tests first: such notices are of the East, and one pass tells if any is there.
    if line.is_ascii() || ANY.as_ref().is_some_and(|any| !any.is_match(line)) {
        return None;
    }
    OPENINGS
        .iter()
        .filter_map(|opening| line.rfind(opening))
        .filter(|&at| at > 0 && ending(line[..at].trim_end()) == Ending::Stop)
        .min()
        .filter(|&at| {
            // A notice has no sentence behind it, and one that begins with a word is none itself.
            let notice = line[at..].trim_end_matches(['。', '.']);
            let marked = !notice.starts_with(char::is_alphabetic);
            !notice.contains(['。', '？', '！']) && (marked || notice.len() == line.len() - at)
        })
}
