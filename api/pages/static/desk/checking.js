// What would the API say to this? It is asked while somebody types, and nothing is stored.
import { read } from "./api.js";

const PAUSE = 700; // milliseconds without a key before the API is asked
const MOST = 100000; // bytes of candidates that are sent
const CHECK = `query Check($input: CampaignInput!, $projects: [ProjectInput!], $campaign: String) {
  checkCampaign(input: $input, projects: $projects, campaign: $campaign) { __typename code message path }
}`;

/** Whether candidates are too many for one request. */
export const areTooMany = (projects) => projects !== null && new TextEncoder().encode(JSON.stringify(projects)).length > MOST;

/** What the API finds wrong. Too many candidates are not looked at before they are stored. */
export async function checked({ projects, ...asked }) {
  return (await read(CHECK, { ...asked, projects: areTooMany(projects) ? null : projects })).checkCampaign;
}

/** Asks about what get returns, unless something is missing, and tells what is wrong with it; only the latest answer counts. */
export class Checker {
  constructor(get, missing, tell) {
    Object.assign(this, { get, missing, tell, asked: 0, timer: null });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    const mine = (this.asked += 1);
    const missing = this.missing();
    if (missing.length > 0) return this.tell(missing);
    try {
      const checkCampaign = await checked(this.get());
      if (mine === this.asked) this.tell(checkCampaign);
    } catch (error) {
      console.warn(error); // it is only advice: what counts is what the API says when it is stored
    }
    return undefined;
  }

  stop() {
    clearTimeout(this.timer);
    this.asked += 1;
  }
}

/** Problems whose paths begin with these parts, without them; the others are left out. */
export function below(problems, ...first) {
  const begins = ({ path }) => first.every((part, index) => path[index] === part);
  return problems.filter(begins).map((problem) => ({ ...problem, path: problem.path.slice(first.length) }));
}

/** The required fields of a form that are empty, as problems with its input. */
export const missingInput = (form) => form.missing().map((problem) => ({ ...problem, path: ["input", ...problem.path] }));

/** What the form holds that differs from how it was, by the first parts of its paths. */
export function changedParts(before, now) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
}
