// Which view does an address show? Its first part names it; the rest says of which campaign.
import { candidatesView } from "./candidates.js";
import { allFilesView, filesView } from "./files.js";
import { campaignsView } from "./home.js";
import { meView } from "./me.js";
import { newView } from "./new.js";
import { overviewView } from "./overview.js";
import { panelView } from "./panel.js";
import { peopleView } from "./people.js";
import { selectionView } from "./selection.js";
import { settingsView } from "./settings.js";
import { suspicionsView } from "./suspicions.js";
import { trailView } from "./trail.js";

const WITHIN = {
  "": overviewView, settings: settingsView, candidates: candidatesView, panel: panelView, selection: selectionView,
  suspicions: suspicionsView, files: filesView, people: peopleView, trail: trailView,
};
const STAFF = ["ORGANIZER", "AUDITOR"];
let leave = () => {};

/** What the view that is shown wants done when somebody goes on. */
export const whenLeft = (done) => (leave = done);

export function leaveRoute() {
  leave();
  leave = () => {};
}

/** The view for an address. Again: show it anew. */
export async function route(desk, address, again) {
  const [name, slug, part, one] = address.split("/").slice(1).map(decoded);
  const isStaff = desk.viewer.roles.some((role) => STAFF.includes(role));
  if (name === "me" || !isStaff) return meView(desk, isStaff);
  if (name === "new") return newView(desk, slug || null, again);
  if (name === "files") return allFilesView(desk, again, slug);
  if (name === "campaign" && slug && WITHIN[part || ""]) return WITHIN[part || ""](desk, slug, again, one);
  return campaignsView(desk);
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    return part;
  }
}
