// Is this signature by this key? By the browser where it has Ed25519, which needs HTTPS, else by TweetNaCl, which load brings.

/** A function that verifies. load: promises TweetNaCl. */
export function verifier(load) {
  return async (key, message, signature) => {
    const answer = await byBrowser(key, message, signature);
    return answer === null ? (await load()).sign.detached.verify(message, signature, key) : answer;
  };
}

/** The browser's answer; null where it knows no Ed25519. */
async function byBrowser(key, message, signature) {
  try {
    const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
  } catch (error) {
    return null;
  }
}
