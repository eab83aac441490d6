// The peer: the same vote on Node's fastest GraphQL server, as its own experts would write it. fastify and mercurius with
// its JIT, one pg pool with prepared statements, the rules and the campaign in memory, one durable insert a ballot.
'use strict'

const { createHmac } = require('node:crypto')
const { createVerifier } = require('fast-jwt')
const fastify = require('fastify')
const mercurius = require('mercurius')
const { Pool } = require('pg')

const SLUG = 'shanghai-2017'
const ZONE = { name: 'Asia/Shanghai', hours: '+08:00', milliseconds: 8 * 3600 * 1000 }
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
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
    TOO_FEW_CHOICES TOO_MANY_CHOICES REPEATED_CHOICES UNKNOWN_PROJECTS QUOTA_EXHAUSTED VOTING_NOT_OPEN VOTING_CLOSED
  }
  type Project {
    id: ID! number: Int! title: String! summary: String! organization: String level: ProjectLevel! startYear: Int outcome: Outcome!
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

const LIST = `
  select 'project/' || id as id, number, title_zh as title, summary_zh as summary, organization_zh as organization, level,
    start_year as "startYear", outcome
  from projects where campaign_id = $1 order by number limit $2`

const RESULTS = `
  with votes as (
    select project, sum(votes)::int as votes, coalesce(sum(votes) filter (where day >= $2), 0)::int as gain
    from tallies where campaign_id = $1 group by project),
  turnout as (select coalesce(sum(ballots), 0)::float8 as ballots from turnouts where campaign_id = $1)
  select 'project/' || p.id as id, p.number, p.title_zh as title, p.organization_zh as organization,
    coalesce(v.votes, 0) as votes, coalesce(v.gain, 0) as gain, rank() over (order by coalesce(v.votes, 0) desc)::int as rank,
    case when t.ballots > 0 then coalesce(v.votes, 0) / t.ballots else 0 end as share
  from projects p left join votes v on v.project = p.number cross join turnout t
  where p.campaign_id = $1 order by rank, number limit $3`

const INSERT = `
  insert into ballots (id, campaign_id, day, cast_at, choices) values ($1, $2, $3, $4, $5)
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

// Bit n-1 is project n, least significant bit of the first byte first, without trailing zero bytes.
function bitmap (numbers) {
  const bytes = Buffer.alloc((Math.max(...numbers) + 7) >> 3)
  for (const number of numbers) bytes[(number - 1) >> 3] |= 1 << ((number - 1) & 7)
  return bytes
}

async function loadCampaign (pool) {
  const { rows: [row] } = await pool.query('select * from campaigns where slug = $1', [SLUG])
  const projects = await pool.query('select number from projects where campaign_id = $1', [SLUG])
  return {
    opensAt: row.opens_at.getTime(),
    closesAt: row.closes_at.getTime(),
    minimum: row.minimum_choices,
    maximum: row.maximum_choices,
    numbers: new Map(projects.rows.map(({ number }) => [`project/${SLUG}/${number}`, number])),
    secret: hmac(SECRET, 'voter-secret', SLUG, row.voter_salt)
  }
}

// The numbers that a ballot chooses, and everything that is wrong with it but the quota, which only the insert knows.
function judge (campaign, projectIds, now) {
  const violations = []
  const refuse = (code, message) => violations.push({ code, message })
  const distinct = new Set(projectIds)
  const numbers = []
  let unknown = 0
  for (const id of distinct) {
    const number = campaign.numbers.get(id)
    if (number === undefined) unknown++
    else numbers.push(number)
  }
  if (distinct.size < campaign.minimum) refuse('TOO_FEW_CHOICES', `A ballot names at least ${campaign.minimum} projects.`)
  if (distinct.size > campaign.maximum) refuse('TOO_MANY_CHOICES', `A ballot names at most ${campaign.maximum} projects.`)
  if (distinct.size < projectIds.length) refuse('REPEATED_CHOICES', 'A ballot names no project twice.')
  if (unknown) refuse('UNKNOWN_PROJECTS', `${unknown} ids name no project of this campaign.`)
  if (now < campaign.opensAt) refuse('VOTING_NOT_OPEN', 'Voting is not open yet.')
  if (now >= campaign.closesAt) refuse('VOTING_CLOSED', 'Voting has closed.')
  return { numbers, violations }
}

function resolvers (pool, campaign) {
  const exhausted = [{ code: 'QUOTA_EXHAUSTED', message: 'One ballot a voter and day.' }]
  const none = []

  async function castBallot (_, { input }, { voter }) {
    if (!voter) throw new mercurius.ErrorWithProps('Sign in first.', { code: 'UNAUTHENTICATED' })
    const now = clock()
    const { numbers, violations } = judge(campaign, input.projectIds, now)
    if (violations.length) return { ballot: null, violations }
    const castAt = local(now)
    const day = castAt.slice(0, 10)
    const key = digits(hmac(campaign.secret, 'ballot', voter, day, '0'))
    const values = [key, SLUG, day, new Date(now).toISOString(), bitmap(numbers)]
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

// Who asks: the bearer token is checked once a request; a token that was seen before is not checked again.
function voterOf () {
  const verify = createVerifier({
    key: hmac(SECRET, 'session-token'),
    algorithms: ['HS256'],
    allowedAud: 'pingxuan',
    clockTimestamp: Date.parse(CLOCK),
    cache: true
  })
  return (request) => {
    const header = request.headers.authorization
    return { voter: header ? verify(header.slice('Bearer '.length)).sub : null }
  }
}

async function serve () {
  const pool = new Pool({ connectionString: DATABASE_URL, max: Number(process.env.POOL || 20) })
  const app = fastify({ logger: false })
  const campaign = await loadCampaign(pool)
  app.register(mercurius, { schema, resolvers: resolvers(pool, campaign), jit: 1, context: voterOf() })
  app.get('/readyz', async () => ({ status: 'ready' }))
  process.once('SIGTERM', () => app.close().then(() => pool.end()).then(() => process.exit(0)))
  await app.listen({ port: Number(PORT), host: '127.0.0.1' })
}

serve().catch((error) => { console.error(error); process.exit(1) })
