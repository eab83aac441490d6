// Which candidates meet the filter? Asked of the fifty that are loaded already, so that each letter typed answers at once.

/** Text as it is compared: case and the width of letters make no difference. */
const folded = (text) => text.normalize("NFKC").toLowerCase();

/** What a search looks through, made once for each candidate. */
export function searchable(project) {
  const district = project.district ? project.district.name : "";
  return folded([project.number, project.title, project.summary, project.organization || "", district].join("\n"));
}

/** Whether a candidate meets all that is wanted; "" wants nothing, and `CITY` is for projects of no single district. */
export function meets(project, text, wanted, draft) {
  return (
    inDistrict(project, wanted.district) &&
    (!wanted.theme || project.themes.includes(wanted.theme)) &&
    (!wanted.chosen || draft.has(project.id)) &&
    folded(wanted.search).split(/\s+/).every((word) => text.includes(word))
  );
}

function inDistrict(project, code) {
  if (!code) return true;
  return code === "CITY" ? project.level === "MUNICIPAL" : project.district !== null && project.district.code === code;
}
