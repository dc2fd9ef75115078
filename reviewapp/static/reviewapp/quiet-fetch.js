// Asking for a part of a page without a word to anybody when none comes.

// The text of an answer; null when it was an error or a detour (a session that is over), when there
// is no line, or when `signal` said that nobody waits for it any more.
export async function quietFetch(address, { signal, headers = {} }) {
  try {
    const answer = await fetch(address, { signal, headers: { "X-Requested-With": "fetch", ...headers } });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch (error) {
    if (error instanceof TypeError || error.name === "AbortError") return null;
    throw error;
  }
}

// The same as a document; null likewise.
export async function quietPart(address, options) {
  const html = await quietFetch(address, options);
  return html === null ? null : new DOMParser().parseFromString(html, "text/html");
}
