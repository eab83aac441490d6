// What may somebody do here? What his grants say; a role that no grant explains comes from where he signed in, and counts everywhere.

/** Whether the viewer has a role in the campaign with this slug, or in all of them where slug is null. */
export function has({ roles, grants }, role, slug) {
  const granted = grants.filter((grant) => grant.role === role);
  if (granted.length === 0) return roles.includes(role);
  return granted.some(({ campaign }) => campaign === null || campaign === slug);
}

/** Whether the viewer runs this campaign, and does not only see it. */
export const mayRun = ({ viewer }, slug) => has(viewer, "ORGANIZER", slug);
