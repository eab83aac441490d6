// Which language does the page speak, and how does it write numbers and times in it?
import { keep, recall } from "./kept.js";
import { en, zh } from "./words.js";

// By the name of a language: the tag that its texts have, that of the numbers and times that browsers write in it, and what it calls
// itself, in two lengths. Another one is a line here, and a catalogue of the server's.
const LANGUAGES = {
  zh: { tag: "zh-CN", intl: "zh-CN", name: "简体中文", short: "简" },
  "zh-Hant": { tag: "zh-Hant", intl: "zh-TW", name: "繁體中文", short: "繁" },
  en: { tag: "en-GB", intl: "en-GB", name: "English", short: "En" },
};
const TRADITIONAL = /^zh\b(?=.*-(hant|tw|hk|mo)\b)(?!.*-hans\b)/i;

/** "zh", "zh-Hant" or "en": what was chosen here, else the first of the browser's languages that is one of them. */
export const language = chosen(recall("language")) || firstOf(navigator.languages || [navigator.language]);
export const isChinese = language !== "en";
const { tag, intl } = LANGUAGES[language];
const words = isChinese ? zh : en;
document.documentElement.lang = tag;

function chosen(name) {
  return name in LANGUAGES ? name : null;
}

function firstOf(wanted) {
  return wanted.map((one) => (TRADITIONAL.test(one) ? "zh-Hant" : chosen(one.slice(0, 2).toLowerCase()))).find(Boolean) || "en";
}

let translations = {}; // of this page's Chinese texts, in a language that has a catalogue

/** The texts in Chinese with what there is of them in another language. */
function translated(texts, by) {
  const pairs = Object.keys(texts).map((name) => [name, by[texts[name]] || texts[name]]);
  return pairs.reduce((all, [name, text]) => Object.assign(all, { [name]: text }), {});
}

/** Give texts their translations, for which load imports the page's catalogue. Without it they stay Chinese, which its readers read. */
export async function translate(texts, load) {
  if (language === "zh" || language === "en") return {};
  try {
    const { default: catalogue } = await load();
    Object.assign(texts, translated(texts, catalogue));
    return catalogue;
  } catch (error) {
    console.warn(error);
    return {};
  }
}

/** Wait for it before anything is said. */
export const ready = translate(words, () => import(`./words-${language}.js`)).then((catalogue) => {
  translations = catalogue;
});

let [term, foreign, onlyForeign] = [words.candidate, null, false];

/** Speak of a campaign: in its own word for what is chosen, if it has one in this language; see langOf for its texts. */
export function speakOf({ candidateTerm, languages }) {
  const speaks = languages.some(isOwn);
  const other = languages.find((one) => isChinese && isOf(one, "zh")) || languages[0];
  foreign = speaks ? languages.find((one) => !isOwn(one)) || null : other;
  onlyForeign = !speaks;
  term = speaks ? candidateTerm : words.candidate;
}

const isOf = (one, wanted) => one === wanted || one.startsWith(`${wanted}-`);
const isOwn = (one) => (isChinese ? isOf(one, "zh") && TRADITIONAL.test(one) === (language === "zh-Hant") : isOf(one, language));

/** The language of a text of the campaign where it is not the page's, for the attribute lang: a text that lacks is given in another. */
export function langOf(text) {
  const fellBack = onlyForeign || (language === "en" && /[\u3400-\u9fff]/.test(text || ""));
  return fellBack ? foreign : null;
}

/** Know further words, which come with a part of the page that is loaded late. */
export const learn = (more) => Object.assign(words, isChinese ? translated(more.zh, translations) : more.en);

/** The text with this name, with its {places} filled from values. */
export function say(name, values = {}) {
  const text = words[name];
  if (text === undefined) throw new Error(`No words for ${name}`);
  return text.replace(/\{(\w+)\}/g, (place, key) => (key === "term" ? term : values[key]));
}

/** Write the name above, which is Chinese, in the characters that its reader reads. */
export function nameAbove(name) {
  if (isChinese) Object.assign(document.querySelector(".brand b"), { textContent: name, lang: tag });
}

const made = (name, more, ...children) => {
  const element = Object.assign(document.createElement(name), more);
  element.append(...children);
  return element;
};

/** A list of the languages, each in its own words. choose: called with one that is not the page's, keeps it and makes the page anew. */
export function languageChooser(choose = switchLanguage) {
  const { name, short } = LANGUAGES[language];
  const seen = (className, text) => made("span", { className }, text);
  const summary = made("summary", {}, seen("unseen", "语言 Language: "), seen("whole", name), seen("short", short));
  const list = made("details", {}, summary);
  const close = () => (list.open = false);
  const all = Object.keys(LANGUAGES).map((each) => {
    const pick = made("button", { type: "button", lang: LANGUAGES[each].tag, onclick: () => (each === language ? close() : choose(each)) }, LANGUAGES[each].name);
    if (each === language) pick.setAttribute("aria-current", "true");
    return made("li", {}, pick);
  });
  list.append(made("ul", {}, ...all));
  list.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !list.contains(relatedTarget) && close());
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !list.open) return;
    event.stopPropagation();
    close();
    summary.focus();
  });
  document.addEventListener("click", ({ target }) => list.contains(target) || close());
  return list;
}

/** The page's texts in another language: kept, and the page is made anew. */
export function switchLanguage(name) {
  keep("language", name);
  location.reload();
}

/** 12,345. */
export const count = (number) => new Intl.NumberFormat(intl).format(number);

/** Which of two texts comes first in the page's language: Chinese by pinyin or strokes, 2 before 10. */
export const collator = () => new Intl.Collator(tag, { numeric: true, ignorePunctuation: true });

/** 12 ballots, 1 ballot. */
export const ballots = (number) => say(number === 1 ? "oneBallot" : "ballots", { ballots: count(number) });

/** 12 votes, 1 vote. */
export const votes = (number) => say(number === 1 ? "oneVote" : "votes", { votes: count(number) });

/** 61.5%, 100%. */
export const percent = (share) => new Intl.NumberFormat(intl, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** An amount of money; currency is a code of ISO 4217, or null. */
export function money(amount, currency) {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(intl, currency ? { style: "currency", currency, ...style } : style).format(amount);
}

/** An instant in the campaign's zone, whatever zone the phone is in, and the zone's name, which may be a short one. */
export function moment(instant, timeZone, { year = false, short = false } = {}) {
  return say("inZone", { at: written(instant, timeZone, year), zone: zoneOf(instant, timeZone, short ? "short" : "long") });
}

/** From one instant to another, in two parts; a zone that both are in is named once. */
export function span(begin, end, timeZone) {
  const same = zoneOf(begin, timeZone) === zoneOf(end, timeZone);
  const another = yearOf(begin, timeZone) !== yearOf(end, timeZone);
  const begins = same ? written(begin, timeZone, true) : moment(begin, timeZone, { year: true });
  return [begins, say("until", { ends: moment(end, timeZone, { year: another }) })];
}

function written(instant, timeZone, year) {
  const parts = { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
  return new Intl.DateTimeFormat(intl, year ? { year: "numeric", ...parts } : parts).format(new Date(instant));
}

const yearOf = (instant, timeZone) => new Intl.DateTimeFormat("en", { year: "numeric", timeZone }).format(new Date(instant));

const BEIJING = { 中国标准时间: "北京时间", 中國標準時間: "北京時間" };

/** What people call the zone at that instant; in China that is not what Intl calls it. */
export function zoneOf(instant, timeZone, length = "long") {
  const called = (timeZoneName) => {
    const parts = new Intl.DateTimeFormat(intl, { hour: "numeric", timeZone, timeZoneName }).formatToParts(new Date(instant));
    return parts.find(({ type }) => type === "timeZoneName").value;
  };
  return BEIJING[called("long")] || called(length);
}

/** A voting day. It is a date already, and belongs to no zone. */
export function day(date) {
  const parts = { month: "short", day: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(intl, parts).format(new Date(`${date}T00:00:00Z`));
}

/** What is left of a time in milliseconds: 9 days 14:59:07. */
export function remaining(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const time = clock.map((part) => String(part).padStart(2, "0")).join(":");
  const days = Math.floor(seconds / 86400);
  return { days: days ? say(days === 1 ? "oneDay" : "days", { days }) : "", time };
}
