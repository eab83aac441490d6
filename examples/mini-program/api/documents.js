// 向服务器提的全部问题。字段的含义见 schema.graphql。
exports.SIGN_IN = `mutation SignIn($with: Credential!) {
  signIn(with: $with) { token }
}`;

exports.WHICH = `query Which {
  campaign { slug }
}`;

exports.CAMPAIGN = `query Campaign($slug: String!) {
  campaign(slug: $slug) {
    slug title phase
    rules { description ... on ChoiceCountRule { minimum maximum } }
  }
  campaigns(first: 50) { nodes { slug title } }
}`;

exports.PROJECTS = `query Projects($slug: String!, $after: String, $filter: ProjectFilter) {
  projects(campaign: $slug, first: 20, after: $after, filter: $filter) {
    totalCount
    pageInfo { endCursor hasNextPage }
    edges { matches { found } node { id number title organization } }
  }
}`;

exports.CHOSEN = `query Chosen($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Project { id number title } }
}`;

exports.CHECK = `query Check($input: CastBallotInput!) {
  checkBallot(input: $input) { code message }
}`;

exports.CAST = `mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) {
    ballot { id }
    violations { code message }
  }
}`;

exports.RECEIPT = `query Receipt($id: ID!) {
  ballot(id: $id) { day castAt projects { number title } }
}`;

exports.ALLOWANCE = `query Allowance($slug: String!) {
  viewer { allowance(campaign: $slug) { nextAllowedAt } }
}`;

exports.RANKING = `subscription Ranking($slug: String!) {
  resultsChanged(campaign: $slug, first: 20) {
    totalCount
    nodes { rank votes share project { number title } }
  }
}`;
