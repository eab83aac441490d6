// 向服务器提的全部问题。字段的含义见 schema.graphql。
exports.SIGN_IN = `mutation SignIn($with: Credential!) {
  signIn(with: $with) { token }
}`;

exports.CAMPAIGN = `query Campaign {
  campaign {
    title phase
    rules { description ... on ChoiceCountRule { minimum maximum } }
  }
}`;

exports.PROJECTS = `query Projects($after: String, $filter: ProjectFilter) {
  projects(first: 20, after: $after, filter: $filter) {
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

exports.ALLOWANCE = `query Allowance {
  viewer { allowance { nextAllowedAt } }
}`;

exports.RANKING = `subscription Ranking {
  resultsChanged(first: 20) {
    totalCount
    nodes { rank votes share project { number title } }
  }
}`;
