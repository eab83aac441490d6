// Where is this server? Below which path of its host, that is; a module knows its own address, and so the server's.

/** What the server's addresses begin with: empty, or such as /vote. */
export const ROOT = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
