// How do many candidates come in at once? Pasted from a spreadsheet: a line each, its cells apart by tabs, the first line may name them.
import { fill, h } from "../vote/dom.js";
import { closeDialog, openDialog, openedOver } from "../vote/dialog.js";
import { say } from "./language.js";

const COLUMNS = {
  number: /^(编号|編號|序号|序號|号|號|no\.?|number|#)$/i,
  title: /^(名称|名稱|标题|標題|姓名|题目|題目|项目|項目|项目名称|項目名稱|候选人|候選人|作品|title|name|project)$/i,
  organization: /^(单位|單位|申报单位|申報單位|所在单位|所在單位|机构|機構|organi[sz]ation|unit)$/i,
  themes: /^(类别|類別|主题|主題|分类|分類|组别|組別|theme|themes|category)$/i,
  summary: /^(简介|簡介|介绍|介紹|事迹|事蹟|摘要|summary|about)$/i,
  district: /^(地区|地區|区|區|区县|區縣|district)$/i,
  code: /^(代码|代碼|编码|編碼|code)$/i,
  cost: /^(费用|費用|金额|金額|造价|造價|cost)$/i,
};
const USUAL = ["number", "title", "organization", "themes", "summary"];

/** The cells of a table as spreadsheets copy it: a cell in quotation marks may hold tabs and lines. */
export function cellsOf(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/g;
  let match;
  while (cell.lastIndex <= text.length && (match = cell.exec(text)) !== null) {
    const [whole, quoted, plain, end] = match;
    rows[rows.length - 1].push((quoted === undefined ? plain : quoted.replace(/""/g, '"')).trim());
    if (end === "" || (whole === "" && cell.lastIndex === text.length)) break;
    if (end !== "\t") rows.push([]);
  }
  return rows.filter((row) => row.some(Boolean));
}

/** Candidates from a table. Numbers that are missing go on from the last; what belongs to no column is left out. */
export function candidatesFrom(text, { last, language, themes, districts }) {
  const rows = cellsOf(text);
  if (rows.length === 0) return [];
  const named = rows[0].map((cell) => Object.keys(COLUMNS).find((key) => COLUMNS[key].test(cell)));
  const isHead = named.some((key) => key === "title");
  const columns = isHead ? named : columnsOf(rows[0]);
  let number = last;
  return rows.slice(isHead ? 1 : 0).map((row) => {
    const cells = {};
    columns.forEach((key, index) => key && row[index] && (cells[key] = row[index]));
    number = /^\d+$/.test(cells.number || "") ? Number(cells.number) : number + 1;
    return candidate(number, cells, language, themes, districts);
  });
}

/** Without a head: a first cell that is no number means that there are no numbers. */
const columnsOf = (row) => (/^\d+$/.test(row[0]) ? USUAL : USUAL.slice(1));

function candidate(number, cells, language, themes, districts) {
  const text = (value) => (["zh", "en"].includes(language) ? { [language]: value } : { other: [{ tag: language, text: value }] });
  const codeOf = (name, offered) => (offered.find((one) => one.code === name || one.name === name) || { code: name }).code;
  const made = { number };
  for (const key of ["title", "organization", "summary"]) if (cells[key]) made[key] = text(cells[key]);
  for (const key of ["code", "cost"]) if (cells[key]) made[key] = cells[key].replace(key === "cost" ? /[,，\s]/g : /$^/g, "");
  if (cells.themes) made.themes = cells.themes.split(/[;；、,，]/).map((name) => codeOf(name.trim(), themes)).filter(Boolean);
  if (cells.district) made.district = codeOf(cells.district, districts);
  return made;
}

/** Ask for a table, show what it would bring, and take it. */
export function openPaste(known, took) {
  openedOver(location.hash, false);
  const shown = h("div", { role: "status" });
  const field = h("textarea", { id: "pasted", rows: "8", class: "table", spellcheck: "false" });
  const take = h("button", { type: "button", class: "main", disabled: true }, say("takeTable"));
  let found = [];
  field.addEventListener("input", () => {
    found = candidatesFrom(field.value, known);
    take.disabled = found.length === 0;
    const rows = found.slice(0, 20).map((one) => h("li", {}, say("number", { number: one.number }), " ", firstOf(one.title) || "—", one.themes && ` · ${one.themes.join(" ")}`));
    fill(shown, found.length > 0 && h("p", {}, say("foundInTable", { count: found.length })), h("ul", {}, rows));
  });
  take.addEventListener("click", () => {
    closeDialog();
    took(found);
  });
  openDialog(say("pasteTable"), h("p", {}, say("pasteHelp")), h("label", { for: "pasted" }, say("table")), field, shown, h("p", { class: "row buttons" }, take));
}

const firstOf = (text) => text && (text.zh || text.en || (text.other && text.other[0].text));
