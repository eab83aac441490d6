// What does a campaign consist of? The form of CampaignInput, as data: what a key means is said beside it.
import { AWARDS, CRITERIA, LOT, PANEL, STAGES } from "./stage-fields.js";

const PERIODS = ["CAMPAIGN", "DAY", "HOUR"];
const NAMED = [
  { key: "code", kind: "code", label: "code", required: true, help: "codeHelp" },
  { key: "name", kind: "texts", label: "name", required: true },
];
const group = (label, fields, more = {}) => ({ kind: "group", label, fields, ...more });

const about = [
  { key: "title", kind: "texts", label: "title" },
  { key: "organizer", kind: "texts", label: "organizerOf" },
  { key: "candidateTerm", kind: "texts", label: "candidateTerm", help: "candidateTermHelp" },
  { key: "languages", kind: "languages", label: "languages", help: "languagesHelp" },
  { key: "projectOrder", kind: "choice", label: "projectOrder", help: "projectOrderHelp", options: ["NUMBER", "SHUFFLED", "TITLE", "DISTRICT", "START_YEAR", "COST"], names: "listed_" },
  { key: "timeZone", kind: "code", label: "timeZone", help: "timeZoneHelp" },
  { key: "edition", kind: "number", label: "edition", help: "editionHelp" },
];

const window = { key: "votingWindow", ...group("window", [
  { key: "opensAt", kind: "moment", label: "opensAt", required: true },
  { key: "closesAt", kind: "moment", label: "closesAt", required: true },
], { help: "windowHelp" }) };

const oneByOne = (value) => value.rules && value.rules.way === "ONE_BY_ONE";
const ballots = (value) => !oneByOne(value);
const range = (required) => [
  { key: "minimum", kind: "number", label: "minimum", required },
  { key: "maximum", kind: "number", label: "maximum", required },
];

const groups = { key: "groups", kind: "list", label: "groups", add: "addGroup", help: "groupsHelp", fields: [
  { key: "groupBy", kind: "choice", label: "groupBy", options: ["THEME", "DISTRICT", "LEVEL"], names: "by_" },
  { key: "group", kind: "code", label: "oneGroup", help: "oneGroupHelp" },
  ...range(false),
] };

const eligibility = { key: "eligibility", kind: "optional", label: "eligibility", help: "eligibilityHelp", fields: [
  { key: "viewers", kind: "values", label: "viewers", help: "viewersHelp" },
  { key: "claims", kind: "list", label: "claims", add: "addClaim", fields: [
    { key: "claim", kind: "code", label: "claim", required: true },
    { key: "values", kind: "values", label: "claimValues" },
  ] },
  { key: "description", kind: "texts", label: "eligibilityDescription" },
] };

const rules = { key: "rules", ...group("rules", [
  { key: "way", kind: "way", label: "way", options: ["BALLOT", "ONE_BY_ONE"], names: "way_" },
  { key: "choices", when: ballots, ...group("choices", range(true)) },
  { key: "quota", when: ballots, ...group("quota", [
    { key: "limit", kind: "number", label: "limit", required: true },
    { key: "period", kind: "choice", label: "period", options: PERIODS, names: "per_" },
    { key: "perChannel", kind: "flag", label: "perChannel" },
  ]) },
  { key: "votes", when: oneByOne, ...group("votes", [
    { key: "limit", kind: "number", label: "voteLimit", required: true },
    { key: "perProject", kind: "number", label: "perProject", required: true },
    { key: "period", kind: "choice", label: "period", options: PERIODS, names: "per_" },
  ]) },
  groups,
  { key: "hours", kind: "optional", label: "hours", fields: [
    { key: "from", kind: "time", label: "from", required: true },
    { key: "until", kind: "time", label: "untilTime", required: true },
  ] },
  { key: "budget", kind: "optional", label: "budget", help: "budgetHelp", fields: [{ key: "limit", kind: "decimal", label: "budgetLimit", required: true }] },
  eligibility,
]) };

const results = group("seen", [
  { key: "resultsVisibility", kind: "choice", label: "visibility", options: ["AFTER_CLOSE", "LIVE", "AFTER_CASTING", "DAILY", "AFTER_PUBLICATION"], names: "seen_" },
  { key: "resultsAt", kind: "time", label: "resultsAt", when: (value) => value.resultsVisibility === "DAILY" },
  { key: "resultsStep", kind: "choice", label: "resultsStep", options: ["SECOND", "MINUTE", "HOUR"], names: "step_", when: (value) => value.resultsVisibility === "LIVE" },
  { key: "publishedAt", kind: "moment", label: "publishedAt", help: "publishedAtHelp" },
]);

const themes = { key: "themes", kind: "list", label: "themes", add: "addTheme", help: "themesHelp", fields: [...NAMED, { key: "description", kind: "texts", label: "description" }] };
const districts = { key: "ownDistricts", kind: "list", label: "districts", add: "addDistrict", help: "districtsHelp", fields: NAMED };
const more = group("more", [
  districts,
  { key: "cover", kind: "picture", label: "cover", when: (value) => value.exists },
  { key: "currency", kind: "code", label: "currency", help: "currencyHelp" },
  { key: "source", kind: "optional", label: "sourceOf", fields: [
    { key: "publisher", kind: "text", label: "publisher", required: true },
    { key: "url", kind: "address", label: "url" },
    { key: "published", kind: "day", label: "published", required: true },
  ] },
], { closed: true });

/** Every field of a campaign but its slug, which only a new one is asked for. */
export const CAMPAIGN = [
  group("about", about), window, rules, results, themes, STAGES, AWARDS, PANEL, CRITERIA, LOT,
  more,
];

export const SLUG = { key: "slug", kind: "code", label: "slug", required: true, help: "slugHelp", attributes: { maxlength: "64" } };

/** What a campaign begins with when it begins with nothing. */
export const BLANK = {
  languages: ["zh"], timeZone: "Asia/Shanghai", resultsVisibility: "AFTER_CLOSE",
  rules: { choices: { minimum: 1, maximum: 10 }, quota: { limit: 1, period: "DAY" } },
  stages: [{ code: "WINNER", name: { zh: "获选", en: "Winners" }, seats: 10, kind: "PUBLIC_VOTE", ties: ["ALL_IN"] }],
};

/** A tree as the API gives it, with what the form alone knows: how votes are cast, and whether there is a campaign yet. */
export function toForm(tree, exists) {
  const { rules: given, ...rest } = tree;
  return { ...rest, exists, rules: { ...given, way: given && given.votes ? "ONE_BY_ONE" : "BALLOT" } };
}
