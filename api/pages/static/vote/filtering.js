// Which candidates meet the filter? Asked of those that are loaded already, so that each choice answers at once.

/** Whether a candidate meets all that is wanted; "" and null want nothing, and `CITY` is for projects of no single district. */
export function meets(project, wanted, draft) {
  return (
    inDistrict(project, wanted.district) &&
    (!wanted.theme || project.themes.some(({ code }) => code === wanted.theme)) &&
    (!wanted.chosen || draft.has(project.id)) &&
    (!wanted.found || wanted.found.has(project.number))
  );
}

function inDistrict(project, code) {
  if (!code) return true;
  return code === "CITY" ? project.level === "MUNICIPAL" : project.district !== null && project.district.code === code;
}
