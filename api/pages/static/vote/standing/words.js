// What does the part about a candidate's rank say? Its texts in both languages; they come with the first of these parts.

export const zh = {
  standing: "目前排名", finalStanding: "排名", sameVotes: "与{count}个同票", sameVotesAsOne: "与1个同票", votesByDay: "每日得票", neighbours: "排名前后", justAhead: "前一名", justBehind: "后一名",
};

export const en = {
  standing: "Standing", finalStanding: "Rank", sameVotes: "level with {count} others", sameVotesAsOne: "level with one other", votesByDay: "Votes by day", neighbours: "Next in the ranking", justAhead: "Ahead", justBehind: "Behind",
};
