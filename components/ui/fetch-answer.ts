/** Asks a route for its JSON; a refusal is thrown as an error with the sentence that people read. */
export async function fetchAnswer<T>(path: string, signal: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal, headers: { accept: "application/json" } });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return body as T;
  const said = (body as { error?: { message?: string } } | null)?.error?.message;
  throw new Error(said ?? "The server did not answer as it should. Try again.");
}
