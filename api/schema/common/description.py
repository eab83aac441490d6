"""What the schema says of itself, to whoever opens it before anything else."""

DESCRIPTION = """\
Pingxuan (评选): how a city lets people choose, from candidates that are proposed, reviewed, voted on, selected and \
announced.

A `Campaign` has `Project`s, in `District`s and under `Theme`s, `rules` that say what a `Ballot` may hold, and `Result`s. \
Where an argument `campaign` is left out, the campaign that is featured now is meant. `campaign`, `projects` and `results` \
need no sign-in. `signIn` returns the token that `castBallot` wants, sent as `Authorization: Bearer TOKEN`; `checkBallot` \
says beforehand, by the same rules, everything that is wrong with a ballot. Fields marked `@requiresRole` are for staff.

Texts and messages come in the language that the header `Accept-Language` asks for. Times carry an offset, and days are \
those of the campaign's time zone. Ids are readable and opaque, and `node` finds what has one. Lists in pages follow the \
Connections of Relay: ask for `first`, then pass `endCursor` as `after`.

What a rule of the vote refuses is data: `violations` and `problems` list all of it at once, each as a type of its own \
with a sentence to show. Everything else is an error with a `code` in its `extensions`. A field that is refused is null, \
and its neighbours are answered. Each operation has a cost, known before it runs, and there is a limit to it.

Adding is no break: expect new types, fields and enum values. Nothing else changes without half a year's notice."""
