// Where is what on the experts' page? Behind the hash, so that no server's log learns what somebody reviews or was invited with.

/** The address of a panel, of a project's review in it, or of a stage's ballot. */
export const addressOf = (...parts) => `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;

/** The parts of an address. */
export const partsOf = (address) => address.replace(/^#\/?/, "").split("/").filter(Boolean).map(decoded);

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    return part;
  }
}
