// The API with nothing but fetch: every answer has `data`, or `errors` with a message for people.
export async function ask(url, query, variables, token) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

export const CANDIDATES = `query Candidates {
  campaign {
    title
    rules { description ... on ChoiceCountRule { minimum maximum } }
  }
  projects(first: 100) { nodes { id number title } }
}`;

export const SIGN_IN = `mutation SignIn($name: String!) {
  signIn(with: { guest: { name: $name } }) { token }
}`;

export const CAST = `mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) { ballot { id day } violations { message } }
}`;
