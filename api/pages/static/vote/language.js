// Which language does the page speak, and how does it write numbers and times in it?
import { keep, recall } from "./kept.js";
import { en, zh } from "./words.js";

const LANGUAGES = { zh: { words: zh, tag: "zh-CN" }, en: { words: en, tag: "en-GB" } };

/** "zh" or "en": what was chosen here, else the first of the browser's languages that is one of them. */
export const language = recall("language") || firstOf(navigator.languages || [navigator.language]);
const { words, tag } = LANGUAGES[language];
document.documentElement.lang = tag;

function firstOf(wanted) {
  return wanted.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one in LANGUAGES) || "en";
}

let [term, foreign, onlyForeign] = [words.candidate, null, false];

/** Speak of a campaign: in its own word for what is chosen, if it has one in this language; see langOf for its texts. */
export function speakOf({ candidateTerm, languages }) {
  const speaks = languages.some((one) => isOf(one, language));
  foreign = speaks ? languages.find((one) => !isOf(one, language)) || null : languages[0];
  onlyForeign = !speaks;
  term = speaks ? candidateTerm : words.candidate;
}

const isOf = (one, wanted) => one === wanted || one.startsWith(`${wanted}-`);

/** The language of a text of the campaign where it is not the page's, for the attribute lang: a text that lacks is given in another. */
export function langOf(text) {
  const fellBack = onlyForeign || (language === "en" && /[\u3400-\u9fff]/.test(text || ""));
  return fellBack ? foreign : null;
}

/** Know further words, which come with a part of the page that is loaded late. */
export const learn = (more) => Object.assign(words, more[language]);

/** The text with this name, with its {places} filled from values. */
export function say(name, values = {}) {
  const text = words[name];
  if (text === undefined) throw new Error(`No words for ${name}`);
  return text.replace(/\{(\w+)\}/g, (place, key) => (key === "term" ? term : values[key]));
}

/** The page's texts in the other language: kept, and the page is made anew. */
export function switchLanguage() {
  keep("language", language === "zh" ? "en" : "zh");
  location.reload();
}

/** 12,345. */
export const count = (number) => new Intl.NumberFormat(tag).format(number);

/** Which of two texts comes first in the page's language: Chinese by pinyin or strokes, 2 before 10. */
export const collator = () => new Intl.Collator(tag, { numeric: true, ignorePunctuation: true });

/** 12 ballots, 1 ballot. */
export const ballots = (number) => say(number === 1 ? "oneBallot" : "ballots", { ballots: count(number) });

/** 12 votes, 1 vote. */
export const votes = (number) => say(number === 1 ? "oneVote" : "votes", { votes: count(number) });

/** 61.5%, 100%. */
export const percent = (share) => new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** An amount of money; currency is a code of ISO 4217, or null. */
export function money(amount, currency) {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(tag, currency ? { style: "currency", currency, ...style } : style).format(amount);
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
  return new Intl.DateTimeFormat(tag, year ? { year: "numeric", ...parts } : parts).format(new Date(instant));
}

const yearOf = (instant, timeZone) => new Intl.DateTimeFormat("en", { year: "numeric", timeZone }).format(new Date(instant));

/** What people call the zone at that instant; in China that is not what Intl calls it. */
export function zoneOf(instant, timeZone, length = "long") {
  const called = (timeZoneName) => {
    const parts = new Intl.DateTimeFormat(tag, { hour: "numeric", timeZone, timeZoneName }).formatToParts(new Date(instant));
    return parts.find(({ type }) => type === "timeZoneName").value;
  };
  return called("long") === "中国标准时间" ? "北京时间" : called(length);
}

/** A voting day. It is a date already, and belongs to no zone. */
export function day(date) {
  const parts = { month: "short", day: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(tag, parts).format(new Date(`${date}T00:00:00Z`));
}

/** What is left of a time in milliseconds: 9 days 14:59:07. */
export function remaining(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const time = clock.map((part) => String(part).padStart(2, "0")).join(":");
  const days = Math.floor(seconds / 86400);
  return { days: days ? say(days === 1 ? "oneDay" : "days", { days }) : "", time };
}
