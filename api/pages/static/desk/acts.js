// What may be done to a campaign, and what does it do? One entry an act: its mutation, what it asks for, its effects in words.
import { count, moment } from "../vote/language.js";
import { PRIVATE_REASON, REASON, openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";
import { previewOf } from "./preview.js";

const CLOSES_AT = { key: "closesAt", kind: "moment", label: "newClosesAt", required: true };
const REPLACEMENT = { key: "replacement", kind: "choice", label: "replacement", options: ["REFILL", "LEAVE_VACANT"], names: "replacement_" };
const FROM = { key: "from", kind: "moment", label: "voidFrom", required: true, help: "voidFromHelp" };
const UNTIL = { key: "until", kind: "moment", label: "voidUntil", help: "voidUntilHelp" };
const campaignMutation = (name, declared, passed) => `mutation Act($campaign: String!${declared}) { ${name}(campaign: $campaign${passed}) { campaign { slug revision } ${PROBLEMS} } }`;
const projectMutation = (name, declared, passed) => `mutation Act($project: ID!, $reason: TextInput!${declared}) { ${name}(project: $project, reason: $reason${passed}) { project { id } ${PROBLEMS} } }`;

/** Acts on the whole campaign, in the order in which a campaign meets them. */
const ACTS = {
  present: {
    phases: ["DRAFT"], final: true, fields: [PRIVATE_REASON],
    mutation: campaignMutation("presentCampaign", ", $expectedRevision: Int, $reason: TextInput", ", expectedRevision: $expectedRevision, reason: $reason"),
    variables: ({ revision }) => ({ expectedRevision: revision }),
    preview: previewOf,
  },
  pause: {
    phases: ["VOTING"], fields: [REASON],
    mutation: campaignMutation("pauseVoting", ", $reason: TextInput!", ", reason: $reason"),
  },
  resume: {
    phases: ["PAUSED"], fields: [PRIVATE_REASON, { ...CLOSES_AT, required: false, help: "resumeClosesAtHelp" }],
    mutation: campaignMutation("resumeVoting", ", $closesAt: DateTime, $reason: TextInput!", ", closesAt: $closesAt, reason: $reason"),
  },
  extend: {
    phases: ["UPCOMING", "VOTING", "PAUSED"], fields: [CLOSES_AT, REASON],
    mutation: campaignMutation("extendVoting", ", $closesAt: DateTime!, $reason: TextInput!", ", closesAt: $closesAt, reason: $reason"),
  },
  archive: {
    phases: ["CLOSED", "PUBLISHED"], final: true, fields: [PRIVATE_REASON],
    mutation: campaignMutation("archiveCampaign", ", $reason: TextInput", ", reason: $reason"),
  },
};

const STANDING = ["UPCOMING", "VOTING", "PAUSED", "CLOSED"];

/** Acts on one candidate of a campaign that voters see. */
const PROJECT_ACTS = {
  withdraw: { phases: STANDING, final: true, fields: [REASON, REPLACEMENT], mutation: projectMutation("withdrawProject", ", $replacement: Replacement!", ", replacement: $replacement") },
  disqualify: { phases: STANDING, final: true, fields: [REASON, REPLACEMENT], mutation: projectMutation("disqualifyProject", ", $replacement: Replacement!", ", replacement: $replacement") },
  voidVotes: { phases: ["VOTING", "PAUSED", "CLOSED"], final: true, fields: [REASON, FROM, UNTIL], mutation: projectMutation("voidVotes", ", $from: DateTime!, $until: DateTime", ", from: $from, until: $until") },
};

const EFFECTS = { present: 4, pause: 4, resume: 3, extend: 3, archive: 3, withdraw: 4, disqualify: 4, voidVotes: 4 };

function effectsOf(name, campaign, project) {
  const closes = campaign.votingWindow && moment(campaign.votingWindow.closesAt, campaign.timeZone, { year: true });
  const values = { title: project ? project.title : campaign.title, closes, ballots: count(campaign.turnout.ballots), count: count(campaign.projects.length) };
  const effects = Array.from({ length: EFFECTS[name] }, (_, index) => say(`${name}_does${index + 1}`, values));
  return [...effects, project !== undefined && isAnnounced(campaign) && say("correctAfterwards")];
}

/** The acts that the campaign's phase allows, and those on one of its candidates. */
export const actsFor = ({ phase }) => Object.keys(ACTS).filter((name) => ACTS[name].phases.includes(phase));

/** Once an outcome is announced they take a correction to have an effect. */
export const projectActsFor = ({ phase, publication }) => Object.keys(PROJECT_ACTS).filter((name) => PROJECT_ACTS[name].phases.includes(phase) || isAnnounced({ phase, publication }));

const isAnnounced = ({ phase, publication }) => publication !== null && ["ANNOUNCED", "PUBLISHED"].includes(phase);

/** Ask about an act on a campaign, and do it. */
export function openCampaignAct(name, campaign, desk, done) {
  const { mutation, variables = () => ({}), preview } = ACTS[name];
  open(name, ACTS[name], campaign, desk, done, {
    preview: preview && preview(campaign),
    act: (input) => act(mutation, { campaign: campaign.slug, ...variables(campaign), ...input }),
  });
}

/** Ask about an act on a candidate, and do it. */
export function openProjectAct(name, campaign, project, desk, done) {
  open(name, PROJECT_ACTS[name], campaign, desk, done, {
    project,
    act: (input) => act(PROJECT_ACTS[name].mutation, { project: project.id, ...input }),
  });
}

function open(name, { fields, final }, campaign, desk, done, { preview, project, act: doIt }) {
  const title = say(`act_${name}`);
  openAct({
    title: project ? `${title}${say("colon")}${project.title}` : title,
    label: title, effects: effectsOf(name, campaign, project), preview, fields, campaign, final, act: doIt, done,
    signInMethods: desk.signInMethods,
  });
}
