#!/usr/bin/env bash
# Lists candidates, casts a ballot and watches the ranking, with curl and sed alone: vote.sh [URL]
set -euo pipefail
URL=${1:-http://127.0.0.1:8000/graphql}

ask() { # the whole JSON body, then further options of curl
  curl --silent --show-error --fail-with-body --retry 3 "$URL" -H 'Content-Type: application/json' -H 'Accept-Language: en' -d "$@"
}
field() { sed -E "s/.*\"$1\":\"([^\"]+)\".*/\1/"; } # the last field of this name, of one line of JSON

echo '# The rules and the first three candidates'
ask '{"query": "{ campaign { rules { description } } projects(first: 3) { totalCount pageInfo { endCursor } nodes { id title } } }"}'
echo

echo '# The next three: pass endCursor as after'
CURSOR=$(ask '{"query": "{ projects(first: 3) { pageInfo { endCursor } } }"}' | field endCursor)
ask '{"query": "query ($after: String) { projects(first: 3, after: $after) { nodes { number } } }", "variables": {"after": "'"$CURSOR"'"}}'
echo

echo '# Sign in'
TOKEN=$(ask '{"query": "mutation { signIn(with: {guest: {name: \"curl '"$$-$RANDOM"'\"}}) { token } }"}' | field token)
CAST='mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id day } violations { code message } } }'
KEY="curl-$$-$RANDOM-$(date +%s)" # a retry with the same key returns the same ballot

cast() { # how many candidates
  local ids
  ids=$(seq -f '"project/shanghai-2017/%g"' -s, 1 "$1")
  ask '{"query": "'"$CAST"'", "variables": {"input": {"projectIds": ['"$ids"'], "idempotencyKey": "'"$KEY"'"}}}' \
    -H "Authorization: Bearer $TOKEN"
  echo
}

echo '# A ballot with too few, and what is missing'
cast 3
echo '# A ballot, and the same once more, as after a lost answer'
cast 12
cast 12

echo '# The ranking as it changes, for two seconds'
curl --silent --no-buffer --max-time 2 "$URL" -H 'Accept: text/event-stream' -H 'Content-Type: application/json' -H 'Accept-Language: en' \
  -d '{"query": "subscription { resultsChanged(first: 3) { nodes { rank votes project { number } } } }"}' || [ $? -eq 28 ]
