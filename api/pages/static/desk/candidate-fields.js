// What does a candidate consist of? The form of ProjectInput, as data.

const group = (label, fields) => ({ kind: "group", label, fields, closed: true });

export const CANDIDATE = [
  { key: "number", kind: "number", label: "numberOf", required: true },
  { key: "title", kind: "texts", label: "candidateTitle", required: true },
  { key: "organization", kind: "texts", label: "organization" },
  { key: "themes", kind: "some", from: "themes", label: "themesOf", when: (value, holder, options) => options.themes().length > 0 },
  { key: "summary", kind: "longtexts", label: "summary" },
  { key: "images", kind: "pictures", label: "images" },
  group("moreOfCandidate", [
    { key: "description", kind: "longtexts", label: "longDescription", help: "markdownHelp" },
    { key: "district", kind: "one", from: "districts", label: "district" },
    { key: "level", kind: "choice", label: "level", options: ["UNSTATED", "DISTRICT", "MUNICIPAL"], names: "level_" },
    { key: "code", kind: "code", label: "ownCode", help: "ownCodeHelp" },
    { key: "cost", kind: "decimal", label: "cost" },
    { key: "startYear", kind: "number", label: "startYear" },
    { key: "links", kind: "list", label: "links", add: "addLink", fields: [
      { key: "title", kind: "texts", label: "linkTitle", required: true },
      { key: "url", kind: "address", label: "url", required: true },
    ] },
  ]),
  ...["figures", "outcome", "award"].map((key) => ({ key, kind: "kept" })),
];
