"""The texts of the operations."""

CAMPAIGN = """
query Campaign($campaign: String) {
  campaign(slug: $campaign) {
    id
    slug
    title
    organizer
    candidateTerm
    phase
    timeZone
    serverTime
    resultsVisibility
    votingWindow {
      opensAt
      closesAt
    }
    rules {
      __typename
      code
      description
      ... on ChoiceCountRule {
        minimum
        maximum
      }
    }
    stages {
      code
      name
      seats
      status
    }
    themes {
      code
      name
    }
    turnout {
      ...TurnoutParts
    }
  }
}

fragment TurnoutParts on Turnout {
  ballots
  choices
  asOf
  byDay {
    day
    ballots
  }
}
"""

CANDIDATES = """
query Candidates($campaign: String, $filter: ProjectFilter, $orderBy: ProjectOrder, $thenBy: [ProjectOrder!], $first: Int, $after: String, $last: Int, $before: String) {
  projects(
    campaign: $campaign
    filter: $filter
    orderBy: $orderBy
    thenBy: $thenBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    pageInfo {
      ...PageParts
    }
    nodes {
      ...CandidateParts
    }
  }
}

fragment CandidateParts on Project {
  id
  number
  title
  summary
  organization
  level
  outcome
  standing
  themes {
    code
    name
  }
  district {
    code
    name
  }
  images {
    url
    small: url(width: 640)
    alternative
    width
    height
  }
}

fragment PageParts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
"""

CANDIDATE = """
query Candidate($number: Int!, $campaign: String) {
  project(number: $number, campaign: $campaign) {
    ...CandidateParts
    code
    startYear
    cost
    descriptionHtml
    links {
      url
      title
    }
    result {
      id
      rank
      votes
      share
      asOf
      ahead {
        id
        project {
          number
          title
        }
      }
      behind {
        id
        project {
          number
          title
        }
      }
    }
  }
}

fragment CandidateParts on Project {
  id
  number
  title
  summary
  organization
  level
  outcome
  standing
  themes {
    code
    name
  }
  district {
    code
    name
  }
  images {
    url
    small: url(width: 640)
    alternative
    width
    height
  }
}
"""

RESULTS = """
query Results($campaign: String, $filter: ProjectFilter, $orderBy: ResultOrder, $thenBy: [ResultOrder!], $day: Date, $first: Int, $after: String, $last: Int, $before: String) {
  results(
    campaign: $campaign
    filter: $filter
    orderBy: $orderBy
    thenBy: $thenBy
    day: $day
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    asOf
    totalCount
    pageInfo {
      ...PageParts
    }
    nodes {
      id
      rank
      votes
      share
      tiedCount
      project {
        id
        number
        title
        district {
          code
          name
        }
      }
    }
  }
}

fragment PageParts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
"""

RANKING = """
subscription Ranking($campaign: String, $filter: ProjectFilter, $first: Int, $after: String) {
  resultsChanged(
    campaign: $campaign
    filter: $filter
    first: $first
    after: $after
    onlyChanges: true
  ) {
    onlyChanges
    removedIds
    asOf
    totalCount
    turnout {
      ballots
    }
    nodes {
      id
      rank
      votes
      project {
        id
        number
        title
      }
    }
  }
}
"""

TURNOUT = """
subscription Turnout($campaign: String) {
  turnoutChanged(campaign: $campaign) {
    ...TurnoutParts
  }
}

fragment TurnoutParts on Turnout {
  ballots
  choices
  asOf
  byDay {
    day
    ballots
  }
}
"""

SIGN_IN_METHODS = """
query SignInMethods {
  signInMethods {
    door
    appid
    scope
    provider
    issuer
    clientIds
  }
}
"""

SIGN_IN = """
mutation SignIn($with: Credential!) {
  signIn(with: $with) {
    token
    expiresAt
    viewer {
      id
      roles
    }
  }
}
"""

SIGN_OUT = """
mutation SignOut {
  signOut
}
"""

VIEWER = """
query Viewer($campaign: String) {
  viewer {
    id
    roles
    allowance(campaign: $campaign) {
      ...AllowanceParts
    }
    ballots(campaign: $campaign) {
      ...BallotParts
    }
  }
}

fragment AllowanceParts on Allowance {
  canCast
  remaining
  limit
  period
  nextAllowedAt
  usedUpProjectIds
}

fragment BallotParts on Ballot {
  id
  day
  castAt
  status
  statusReason
  projects {
    id
    number
    title
  }
}
"""

CHECK_BALLOT = """
query CheckBallot($input: CastBallotInput!) {
  checkBallot(input: $input) {
    __typename
    ...ViolationParts
  }
}

fragment ViolationParts on RuleViolation {
  code
  rule
  message
  path
}
"""

CAST_BALLOT = """
mutation CastBallot($input: CastBallotInput!) {
  castBallot(input: $input) {
    ballot {
      ...BallotParts
      receipt {
        note
        leafHash
        sealBy
      }
    }
    violations {
      __typename
      ...ViolationParts
    }
    viewer {
      id
      allowance {
        ...AllowanceParts
      }
    }
  }
}

fragment AllowanceParts on Allowance {
  canCast
  remaining
  limit
  period
  nextAllowedAt
  usedUpProjectIds
}

fragment BallotParts on Ballot {
  id
  day
  castAt
  status
  statusReason
  projects {
    id
    number
    title
  }
}

fragment ViolationParts on RuleViolation {
  code
  rule
  message
  path
}
"""

BALLOT = """
query Ballot($id: ID!) {
  ballot(id: $id) {
    ...BallotParts
    receipt {
      note
      leafHash
      sealBy
      proofFile
    }
  }
}

fragment BallotParts on Ballot {
  id
  day
  castAt
  status
  statusReason
  projects {
    id
    number
    title
  }
}
"""
