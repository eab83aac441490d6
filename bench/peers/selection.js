// The vote as the peers of the benchmark share it: schema, rules, tokens, ids and SQL, as experts of Node would write them for
// speed. The campaign is in memory, one pg pool has prepared statements, and a ballot is one durable insert.
'use strict'

const { createHmac } = require('node:crypto')
const { createVerifier } = require('fast-jwt')
const { GraphQLError } = require('graphql')
const { Pool } = require('pg')

const SLUG = 'shanghai-2017'
const ZONE = { hours: '+08:00', milliseconds: 8 * 3600 * 1000 }
const CHANNEL = 'WEB'
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const TOKENS = 10_000 // that were verified and are remembered, as many as Pingxuan remembers
const { DATABASE_URL, SECRET, CLOCK, PORT } = process.env

const started = Date.now()
const clock = () => Date.parse(CLOCK) + Date.now() - started
const local = (now) => new Date(now + ZONE.milliseconds).toISOString()

const schema = `
  scalar Date
  scalar DateTime
  enum ProjectLevel { MUNICIPAL DISTRICT UNSTATED }
  enum Outcome { CANDIDATE FINALIST WINNER NOT_SELECTED }
  enum ViolationCode {
    TOO_FEW_CHOICES TOO_MANY_CHOICES REPEATED_CHOICES UNKNOWN_PROJECTS PROJECTS_NOT_STANDING QUOTA_EXHAUSTED
    VOTING_NOT_OPEN VOTING_CLOSED VOTING_PAUSED
  }
  type Project {
    id: ID! number: Int! title: String! summary: String organization: String level: ProjectLevel! startYear: Int outcome: Outcome!
  }
  type ProjectConnection { nodes: [Project!]! }
  type Result { rank: Int! votes: Int! share: Float! gain: Int! project: Project! }
  type ResultConnection { nodes: [Result!]! }
  type Ballot { id: ID! day: Date! castAt: DateTime! }
  type RuleViolation { code: ViolationCode! message: String! }
  type CastBallotPayload { ballot: Ballot violations: [RuleViolation!]! }
  input CastBallotInput { campaign: String projectIds: [ID!]! idempotencyKey: String }
  type Query { projects(first: Int = 20): ProjectConnection! results(first: Int = 20): ResultConnection! }
  type Mutation { castBallot(input: CastBallotInput!): CastBallotPayload! }
`

// The peers keep their texts in plain columns: that Pingxuan's are JSON of several languages is its own affair.
const chinese = (column) => `${column} -> 'translations' -> 0 ->> 1`
const TEXTS = `
  create table peer_projects as
    select 'project/' || id as id, campaign_id, number, position, level, start_year as "startYear", outcome,
      ${chinese('title')} as title, ${chinese('summary')} as summary, ${chinese('organization')} as organization
    from projects;
  alter table peer_projects add primary key (campaign_id, number);
  analyze peer_projects`

const LIST = `
  select id, number, title, summary, organization, level, "startYear", outcome
  from peer_projects where campaign_id = $1 order by number limit $2`

const RESULTS = `
  with votes as (
    select project, sum(votes)::int as votes, coalesce(sum(votes) filter (where day >= $2), 0)::int as gain
    from tallies where campaign_id = $1 group by project),
  turnout as (select coalesce(sum(ballots), 0)::float8 as ballots from turnouts where campaign_id = $1)
  select p.id, p.number, p.title, p.organization,
    coalesce(v.votes, 0) as votes, coalesce(v.gain, 0) as gain, rank() over (order by coalesce(v.votes, 0) desc)::int as rank,
    case when t.ballots > 0 then coalesce(v.votes, 0) / t.ballots else 0 end as share
  from peer_projects p left join votes v on v.project = p.position cross join turnout t
  where p.campaign_id = $1 order by rank, number limit $3`

const INSERT = `
  insert into ballots (id, campaign_id, day, cast_at, channel, choices) values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing returning id`

const hmac = (key, ...parts) => createHmac('sha256', key).update(parts.join('\0')).digest()

// The first 26 base32 digits of a digest, in lower case.
function digits (digest) {
  let text = ''
  for (let bit = 0; bit < 130; bit += 5) {
    const pair = (digest[bit >> 3] << 8) | digest[(bit >> 3) + 1]
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31]
  }
  return text
}

// Bit n-1 is the project at position n, least significant bit of the first byte first, without trailing zero bytes.
function bitmap (positions) {
  const bytes = Buffer.alloc((Math.max(...positions) + 7) >> 3)
  for (const position of positions) bytes[(position - 1) >> 3] |= 1 << ((position - 1) & 7)
  return bytes
}

async function loadCampaign (pool) {
  const { rows: [row] } = await pool.query('select * from campaigns where slug = $1', [SLUG])
  const { rows } = await pool.query('select number, position, standing from projects where campaign_id = $1', [SLUG])
  const named = (projects) => projects.map(({ number, position }) => [`project/${SLUG}/${number}`, position])
  return {
    state: row.state,
    opensAt: row.opens_at.getTime(),
    closesAt: row.closes_at.getTime(),
    pauses: row.pauses.map(({ start, end }) => ({ start: Date.parse(start), end: end ? Date.parse(end) : Infinity })),
    minimum: row.minimum_choices,
    maximum: row.maximum_choices,
    positions: new Map(named(rows.filter(({ standing }) => standing === 'STANDING'))),
    lost: new Set(named(rows.filter(({ standing }) => standing !== 'STANDING')).map(([id]) => id)),
    secret: hmac(SECRET, 'voter-secret', SLUG, row.voter_salt)
  }
}

// The positions that a ballot chooses, and everything that is wrong with it but the quota, which only the insert knows.
function judge (campaign, projectIds, now) {
  const violations = []
  const refuse = (code, message) => violations.push({ code, message })
  const distinct = new Set(projectIds)
  const positions = []
  let unknown = 0
  let lost = 0
  for (const id of distinct) {
    const position = campaign.positions.get(id)
    if (position !== undefined) positions.push(position)
    else if (campaign.lost.has(id)) lost++
    else unknown++
  }
  if (distinct.size < campaign.minimum) refuse('TOO_FEW_CHOICES', `A ballot names at least ${campaign.minimum} projects.`)
  if (distinct.size > campaign.maximum) refuse('TOO_MANY_CHOICES', `A ballot names at most ${campaign.maximum} projects.`)
  if (distinct.size < projectIds.length) refuse('REPEATED_CHOICES', 'A ballot names no project twice.')
  if (unknown) refuse('UNKNOWN_PROJECTS', `${unknown} ids name no project of this campaign.`)
  if (lost) refuse('PROJECTS_NOT_STANDING', `${lost} projects stand no longer.`)
  if (now >= campaign.closesAt || campaign.state === 'ARCHIVED') refuse('VOTING_CLOSED', 'Voting has closed.')
  else if (now < campaign.opensAt || campaign.state === 'DRAFT') refuse('VOTING_NOT_OPEN', 'Voting is not open yet.')
  else if (campaign.pauses.some(({ start, end }) => start <= now && now < end)) refuse('VOTING_PAUSED', 'Voting is paused.')
  return { positions, violations }
}

function resolvers (pool, campaign) {
  const exhausted = [{ code: 'QUOTA_EXHAUSTED', message: 'One ballot a voter and day.' }]
  const none = []

  async function castBallot (_, { input }, { voter, refused }) {
    if (!voter) throw new GraphQLError(refused ?? 'Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } })
    const now = clock()
    const { positions, violations } = judge(campaign, input.projectIds, now)
    if (violations.length) return { ballot: null, violations }
    const castAt = local(now)
    const day = castAt.slice(0, 10)
    const key = digits(hmac(campaign.secret, 'ballot', voter, day, '0'))
    const values = [key, SLUG, day, new Date(now).toISOString(), CHANNEL, bitmap(positions)]
    const { rowCount } = await pool.query({ name: 'insert', text: INSERT, values })
    if (rowCount === 0) return { ballot: null, violations: exhausted }
    return { ballot: { id: `ballot/${key}`, day, castAt: castAt.slice(0, 23) + ZONE.hours }, violations: none }
  }

  async function projects (_, { first }) {
    const { rows } = await pool.query({ name: 'list', text: LIST, values: [SLUG, first] })
    return { nodes: rows }
  }

  async function results (_, { first }) {
    const yesterday = local(clock() - 24 * 3600 * 1000).slice(0, 10)
    const { rows } = await pool.query({ name: 'results', text: RESULTS, values: [SLUG, yesterday, first] })
    return { nodes: rows.map((row) => ({ rank: row.rank, votes: row.votes, share: row.share, gain: row.gain, project: row })) }
  }

  return { Query: { projects, results }, Mutation: { castBallot } }
}

// Who asks, by the header Authorization. A token is verified once: its text is the key under which it is remembered, where
// fast-jwt would by default hash it twice for that.
function recognition () {
  const verify = createVerifier({
    key: hmac(SECRET, 'session-token'),
    algorithms: ['HS256'],
    allowedAud: 'pingxuan',
    clockTimestamp: Date.parse(CLOCK),
    cache: TOKENS,
    cacheKeyBuilder: (token) => token
  })
  return (header) => {
    if (!header) return { voter: null }
    try {
      return { voter: verify(header.slice('Bearer '.length)).sub }
    } catch (error) {
      return { voter: null, refused: error.message }
    }
  }
}

// Start a peer: serve(resolvers, recognise, port) makes its server listen and returns what closes it.
async function start (serve) {
  const pool = new Pool({ connectionString: DATABASE_URL, max: Number(process.env.POOL || 20) })
  await pool.query(TEXTS)
  const campaign = await loadCampaign(pool)
  const close = await serve(resolvers(pool, campaign), recognition(), Number(PORT))
  process.once('SIGTERM', () => close().then(() => pool.end()).then(() => process.exit(0)))
}

module.exports = { schema, start: (serve) => start(serve).catch((error) => { console.error(error); process.exit(1) }) }
