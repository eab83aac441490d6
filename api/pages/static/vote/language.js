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

/** The text with this name, with its {places} filled from values. */
export function say(name, values = {}) {
  const text = words[name];
  if (text === undefined) throw new Error(`No words for ${name}`);
  return text.replace(/\{(\w+)\}/g, (place, key) => values[key]);
}

/** The page's texts in the other language: kept, and the page is made anew. */
export function switchLanguage() {
  keep("language", language === "zh" ? "en" : "zh");
  location.reload();
}

/** 12,345. */
export const count = (number) => new Intl.NumberFormat(tag).format(number);

/** 12 ballots, 1 ballot. */
export const ballots = (number) => say(number === 1 ? "oneBallot" : "ballots", { ballots: count(number) });

/** 12 votes, 1 vote. */
export const votes = (number) => say(number === 1 ? "oneVote" : "votes", { votes: count(number) });

/** 61.5%, 100%. */
export const percent = (share) => new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** An instant in the campaign's zone, whatever zone the phone is in. */
export function moment(instant, timeZone) {
  const parts = { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone };
  return new Intl.DateTimeFormat(tag, parts).format(new Date(instant));
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
