// How does a campaign decide? The form of its stages, awards, panel and criteria, as data.

const NAMED = [
  { key: "code", kind: "code", label: "code", required: true, help: "codeHelp" },
  { key: "name", kind: "texts", label: "name", required: true },
];
const SOURCES = ["PUBLIC_VOTE", "EXPERT_SCORES", "EXPERT_BALLOT"];
const computed = (stage) => SOURCES.includes(stage.kind);
const byRank = ({ normalisation }) => normalisation === "RANK_LADDER";
const byBands = ({ normalisation }) => normalisation === "BANDS";
const decimal = (key, more = {}) => ({ key, kind: "decimal", label: key, ...more });

const inputs = { key: "inputs", kind: "list", label: "inputs", add: "addInput", help: "inputsHelp", when: (value, stage) => computed(stage), fields: [
  { key: "source", kind: "choice", label: "inputSource", options: SOURCES, names: "source_" },
  decimal("weight", { help: "inputWeightHelp" }),
  { key: "normalisation", kind: "choice", label: "normalisation", options: ["AS_IS", "SHARE_OF_HIGHEST", "SHARE_OF_BALLOTS", "RANK_LADDER", "BANDS", "MIN_MAX"], names: "norm_" },
  { key: "points", kind: "decimals", label: "points", help: "pointsHelp", when: (value, input) => byRank(input) },
  decimal("floor", { help: "floorHelp", when: (value, input) => byRank(input) || byBands(input) }),
  { key: "bands", kind: "list", label: "bands", add: "addBand", when: (value, input) => byBands(input), fields: [decimal("atLeast", { required: true }), decimal("points", { label: "bandPoints", required: true })] },
  { key: "channels", kind: "list", label: "channelWeights", add: "addChannel", help: "channelWeightsHelp", when: (value, { source }) => source === "PUBLIC_VOTE", fields: [
    { key: "channel", kind: "choice", label: "channel", options: ["WEB", "WECHAT", "SMS", "PAPER", "ON_SITE"], names: "channel_" },
    decimal("weight", { required: true }),
  ] },
] };

const further = { key: "furtherCriteria", kind: "list", label: "furtherCriteria", add: "addFurther", help: "furtherHelp", when: (value, stage) => !stage.decided && (stage.ties || []).includes("FURTHER_CRITERION"), fields: [
  { key: "source", kind: "choice", label: "inputSource", options: [...SOURCES, "CRITERION"], names: "source_" },
  { key: "criterion", kind: "code", label: "criterionCode", when: (value, { source }) => source === "CRITERION" },
] };

const juries = (value, { kind }) => kind === "EXPERT_BALLOT";

/** The stages, each with what decides it. */
export const STAGES = { key: "stages", kind: "list", label: "stages", add: "addStage", help: "stagesHelp", fields: [
  ...NAMED,
  { key: "seats", kind: "number", label: "seats", required: true, help: "seatsHelp" },
  { key: "decided", kind: "flag", label: "decided", help: "decidedHelp" },
  { key: "kind", kind: "choice", label: "stageKind", options: ["DECISION", "SUBMISSION", ...SOURCES], names: "kind_" },
  inputs,
  decimal("threshold", { help: "thresholdHelp", when: (value, stage) => computed(stage) }),
  { key: "places", kind: "number", label: "places", help: "placesHelp", when: (value, stage) => computed(stage) },
  { key: "opensAt", kind: "moment", label: "ballotOpensAt", when: juries },
  { key: "closesAt", kind: "moment", label: "ballotClosesAt", when: juries },
  { key: "choices", kind: "group", label: "ballotChoices", when: juries, fields: [
    { key: "minimum", kind: "number", label: "minimum", required: true },
    { key: "maximum", kind: "number", label: "maximum", required: true },
  ] },
  { key: "ties", kind: "ties", label: "ties", help: "tiesHelp", when: (value, stage) => !stage.decided },
  further,
  { key: "decidedAt", kind: "kept" },
  { key: "formula", kind: "kept" },
] };

export const AWARDS = { key: "awards", kind: "list", label: "awards", add: "addAward", help: "awardsHelp", fields: [
  ...NAMED,
  { key: "seats", kind: "number", label: "awardSeats", required: true },
  decimal("threshold", { help: "awardThresholdHelp" }),
] };

export const CRITERIA = { key: "criteria", kind: "list", label: "criteria", add: "addCriterion", help: "criteriaHelp", fields: [
  ...NAMED,
  decimal("weight", { help: "oneByDefault" }),
  decimal("minimum", { label: "lowestScore", help: "zeroByDefault" }),
  decimal("maximum", { label: "highestScore" }),
  decimal("step", { label: "scoreStep", help: "oneByDefault" }),
  { key: "anchors", kind: "list", label: "anchors", add: "addAnchor", help: "anchorsHelp", fields: [decimal("score", { required: true }), { key: "text", kind: "texts", label: "anchorText", required: true }] },
  { key: "counted", kind: "flag", label: "counted", help: "countedHelp", preset: true },
] };

const trimmed = (value, { method }) => method === "TRIMMED_MEAN";
const aggregation = { key: "aggregation", kind: "group", label: "aggregation", fields: [
  { key: "method", kind: "choice", label: "method", options: ["MEAN", "MEDIAN", "TRIMMED_MEAN", "RANK_SUM"], names: "method_" },
  { key: "drop", kind: "number", label: "drop", when: trimmed },
  { key: "trimFrom", kind: "number", label: "trimFrom", when: trimmed },
  { key: "perCriterion", kind: "flag", label: "perCriterion", when: trimmed },
  { key: "standardised", kind: "flag", label: "standardised", help: "standardisedHelp", when: (value, { method }) => method !== "RANK_SUM" },
  { key: "standardisedFrom", kind: "number", label: "standardisedFrom", when: (value, { standardised, method }) => Boolean(standardised) && method !== "RANK_SUM" },
  { key: "places", kind: "number", label: "places", help: "placesHelp" },
] };

export const PANEL = { key: "panel", kind: "optional", label: "panelOf", help: "panelHelp", fields: [
  { key: "opensAt", kind: "moment", label: "panelOpensAt", required: true },
  { key: "closesAt", kind: "moment", label: "panelClosesAt", required: true },
  aggregation,
  { key: "quorum", kind: "number", label: "quorum", help: "quorumHelp" },
  { key: "published", kind: "flag", label: "panelPublished" },
] };

const drawsLots = ({ stages }) => (stages || []).some(({ ties }) => (ties || []).includes("LOT"));

export const LOT = { key: "lotDigest", kind: "digest", label: "lotDigest", help: "lotDigestHelp", when: drawsLots };
