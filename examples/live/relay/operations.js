// What relay-compiler makes artifacts of. Nothing runs it; with Relay's plugin for Babel or Vite it may stand in the program.
import { graphql } from 'relay-runtime';

graphql`
  query operationsRankingQuery {
    results(first: 20) {
      turnout {
        ballots
      }
      nodes {
        id
        rank
        votes
        project {
          number
        }
      }
    }
  }
`;

graphql`
  subscription operationsLiveSubscription {
    resultsChanged(first: 20, onlyChanges: true) {
      onlyChanges
      removedIds
      turnout {
        ballots
      }
      nodes {
        id
        rank
        votes
        project {
          number
        }
      }
    }
  }
`;
