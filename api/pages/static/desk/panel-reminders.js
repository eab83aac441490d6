// Who has to be reminded? A list that can be copied into whatever the organizer writes to experts with.
import { copy, h } from "../vote/dom.js";
import { moment } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { ROOT } from "../vote/addresses.js";
import { say } from "./language.js";

/** Those who are behind, with what each has left to do. */
export function remindersOf({ campaign, panel: { progress, closesAt, experts } }) {
  const of = new Map(progress.byExpert.map((one) => [one.expert.id, one]));
  const left = (expert) => {
    const counts = of.get(expert.id);
    return counts ? counts.notBegun + counts.draft : 0;
  };
  const invited = experts.filter(({ state }) => state === "INVITED");
  if (progress.behind.length + invited.length === 0) return null;
  const until = moment(closesAt, campaign.timeZone);
  const lines = [
    say("remindHead", { title: campaign.title, until }),
    ...progress.behind.map((expert) => say("remindLine", { name: expert.name, count: left(expert) })),
    ...invited.map((expert) => say("remindInvited", expert)),
    `${location.origin}${ROOT}/review#/${campaign.slug}`,
  ];
  const copied = async () => notice(say((await copy(lines.join("\n"))) ? "copied" : "failed"));
  return h(
    "section",
    { class: "reminders" },
    h("h2", {}, say("reminders")),
    h("ul", {}, lines.slice(1, -1).map((line) => h("li", {}, line))),
    h("p", {}, h("button", { type: "button", onclick: copied }, say("copyReminders"))),
  );
}
