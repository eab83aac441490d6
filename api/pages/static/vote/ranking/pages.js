// How is a ranking of thousands shown while it moves? A page that is kept up, and as many more as somebody asks for.

export const PAGE = 100; // results: the most that the API gives at once
const EVERY = 5000; // milliseconds between two readings of the further pages

/**
 * The results of the first page and of those behind it, all in the order that the first had: its cursor says which.
 * wanted: how many to show. read gets a cursor and returns the page behind it; show gets all results together, or those there are when it fails.
 */
export class Pages {
  constructor(read, show, wanted) {
    Object.assign(this, { read, show, first: null, wanted, reading: false, timer: null, over: false });
  }

  /** The first page has come, or has changed. */
  update(first) {
    this.first = first;
    if (this.hasMore(first.nodes.length) && this.wanted > PAGE) this.readAll();
    else this.show(first);
  }

  /** Whether there are results behind so many. */
  hasMore(shown) {
    return this.first !== null && shown < this.first.totalCount;
  }

  /** Show one page more, from now on. */
  more() {
    this.wanted += PAGE;
    clearTimeout(this.timer);
    this.timer = null;
    this.readAll();
  }

  async readAll() {
    if (this.reading || this.timer !== null || this.over) return; // what is newest by then is read afterwards
    this.reading = true;
    const { first, wanted } = this;
    const nodes = await this.collect(first, wanted);
    this.reading = false;
    if (this.over) return;
    this.show({ ...first, nodes });
    if (wanted < this.wanted) this.readAll();
    else this.timer = setTimeout(() => this.again(first), EVERY);
  }

  /** So many results, or those there are when no more can be read; the next change brings another attempt. */
  async collect(first, wanted) {
    const nodes = [...first.nodes];
    try {
      for (let after = first.pageInfo.endCursor; nodes.length < Math.min(wanted, first.totalCount); ) {
        const page = await this.read(after);
        if (page.nodes.length === 0) break;
        nodes.push(...page.nodes);
        after = page.pageInfo.endCursor;
      }
    } catch (error) {
      console.warn(error);
    }
    return nodes;
  }

  /** The first page changes more often than many pages should be read. */
  again(before) {
    this.timer = null;
    if (this.first !== before) this.readAll();
  }

  stop() {
    this.over = true;
    clearTimeout(this.timer);
  }
}
