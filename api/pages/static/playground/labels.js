// What do screen readers call GraphiQL's editors? Each types into a hidden text area of CodeMirror, which has no name by itself.
const PLACES = [
  [".result-window", "answer"],
  [".graphiql-query-editor", "operation"],
];

/** Name every text area below a place, also those that come later. */
export function nameEditors(place, say) {
  const name = () => {
    for (const area of place.querySelectorAll("textarea:not([aria-label])")) {
      const found = PLACES.find(([selector]) => area.closest(selector));
      const tool = area.closest(".graphiql-editor-tool");
      area.setAttribute("aria-label", say(found ? found[1] : nameOfTool(tool, area)));
    }
  };
  new MutationObserver(name).observe(place, { childList: true, subtree: true });
  name();
}

/** Variables stand before headers. */
function nameOfTool(tool, area) {
  const editors = tool ? [...tool.querySelectorAll(".graphiql-editor")] : [];
  return editors.indexOf(area.closest(".graphiql-editor")) === 1 ? "headers" : "variables";
}
