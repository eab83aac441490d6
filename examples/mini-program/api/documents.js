// 向服务器提的全部问题。字段的含义见 schema.graphql。
exports.SIGN_IN = `mutation SignIn($with: Credential!) {
  signIn(with: $with) { token }
}`;

exports.WHICH = `query Which {
  campaign { slug }
}`;

// 各种规则的字段名有相同的，类型却不同，所以换了名字。
const ABOUT = `
  slug title phase serverTime candidateTerm currency
  votingWindow { opensAt closesAt }
  cover { url(width: 640) alternative }
  pauses { reason }
  themes { code name }
  districts { code name }
  rules {
    __typename description
    ... on ChoiceCountRule { minimum maximum }
    ... on GroupChoiceRule { groupBy group least: minimum most: maximum }
    ... on BudgetRule { budget: limit }
    ... on VoteQuotaRule { limit perProject period }
    ... on VotingHoursRule { from until }
  }`;

const PROJECT = `
  id number code title organization cost level standing standingReason outcome
  award { name } themes { code name } district { code name }`;
const FACET = 'value name count';

exports.CAMPAIGN = `query Campaign($slug: String!, $themes: ProjectFilter, $districts: ProjectFilter, $levels: ProjectFilter) {
  campaign(slug: $slug) { ${ABOUT} }
  campaigns(first: 50) { nodes { slug title } }
  facets: campaign(slug: $slug) {
    themes: facets(filter: $themes) { themes { ${FACET} } }
    districts: facets(filter: $districts) { districts { ${FACET} } }
    levels: facets(filter: $levels) { levels { ${FACET} } }
  }
}`;

exports.PROJECTS = `query Projects($slug: String!, $after: String, $filter: ProjectFilter, $orderBy: ProjectOrder) {
  projects(campaign: $slug, first: 20, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount
    pageInfo { endCursor hasNextPage }
    edges { matches { found } node { ${PROJECT} images { url(width: 640) alternative } } }
  }
}`;

// 一个候选的全部，连同规则和已选的：好在这一页上选它
exports.CANDIDATE = `query Candidate($slug: String!, $number: Int!, $ids: [ID!]!) {
  campaign(slug: $slug) { ${ABOUT} }
  project(campaign: $slug, number: $number) {
    ${PROJECT} summary descriptionHtml startYear
    images { url(width: 960) original: url alternative }
    links { title url }
    figures { label value unit year }
  }
  nodes(ids: $ids) { ... on Project { ${PROJECT} } }
}`;

// 它的票数；结果还不公开时，服务器说明何时公开
exports.STANDING = `query Standing($slug: String!, $number: Int!) {
  project(campaign: $slug, number: $number) {
    result {
      rank votes share tiedCount asOf
      byDay { day votes }
      ahead { rank votes project { number title } }
      behind { rank votes project { number title } }
    }
  }
}`;

exports.CHOSEN = `query Chosen($slug: String!, $ids: [ID!]!) {
  campaign(slug: $slug) { ${ABOUT} }
  nodes(ids: $ids) { ... on Project { ${PROJECT} } }
}`;

exports.VOTES = `query Votes($slug: String!) {
  viewer { allowance(campaign: $slug) { remaining } ballots(campaign: $slug) { castAt day projects { id } } }
}`;

exports.CHECK = `query Check($input: CastBallotInput!) {
  checkBallot(input: $input) { code message }
}`;

// 服务器签的字，和它在公开日志里的位置；服务器没有日志时为空
const PROOF = `
  campaign { serverTime log { verifierKey receiptKey } }
  receipt {
    leafHash batchIndex batchSize batchHashes note sealBy
    inclusion { index hashes checkpoint { note } }
  }`;

exports.CAST = `mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) {
    ballot { id day ${PROOF} }
    violations { code message }
  }
}`;

exports.RECEIPT = `query Receipt($id: ID!) {
  ballot(id: $id) { day castAt projects { number title } ${PROOF} }
}`;

exports.ALLOWANCE = `query Allowance($slug: String!) {
  viewer { allowance(campaign: $slug) { nextAllowedAt } }
}`;

exports.MINE = `query Mine($after: String) {
  viewer {
    id roles
    history(first: 20, after: $after) {
      totalCount
      pageInfo { endCursor hasNextPage }
      nodes { id day status statusReason campaign { title } projects { number title } }
    }
  }
  campaigns(first: 50) { nodes { slug title phase allowance { canCast remaining limit nextAllowedAt } } }
}`;

exports.REMINDERS = `query Reminders {
  viewer { reminders { id kind sendAt campaign { slug title } } }
  campaigns(first: 50) { nodes { slug title reminderTemplates { kind templateId sendAt } } }
}`;

exports.REQUEST_REMINDER = `mutation RequestReminder($input: RequestReminderInput!) {
  requestReminder(input: $input) { problems { message } }
}`;

exports.CANCEL_REMINDER = `mutation CancelReminder($id: ID!) {
  cancelReminder(id: $id) { problems { message } }
}`;

exports.SIGN_OUT = `mutation SignOut {
  signOut
}`;

// 第一次送来整页，以后只送变了的行
exports.RANKING = `subscription Ranking($slug: String!) {
  resultsChanged(campaign: $slug, first: 20, onlyChanges: true) {
    onlyChanges removedIds totalCount asOf
    turnout { ballots }
    nodes { id rank votes project { number title } }
  }
}`;

// 评选分几个阶段，各怎么决定
exports.COURSE = `query Course($slug: String!) {
  campaign(slug: $slug) {
    title organizer phase candidateTerm
    criteria { name }
    stages { name seats status description inputs { description } ties { steps description } }
    panel { aggregation { description } rubric { name weight minimum maximum counted anchors { score text } } }
  }
}`;

// 已经公示的结果
exports.OUTCOME = `query Outcome($slug: String!) {
  campaign(slug: $slug) {
    serverTime
    awards { code name seats }
    publication { state objectionsUntil }
    stages {
      code name
      selection {
        digest seats decisionReason
        rows { rank score selected award { code } project { number title } }
        ties { projects { number title } explanation }
        annexes { at reason changes { project { number title } isSelected wasSelected wasRank isRank } }
        objections { text at answer project { number title } }
      }
    }
  }
}`;
