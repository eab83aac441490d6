// Every page is whole, and its markup names only what the page has: handlers that exist, data that is set.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { PROGRAM, pageAt } = require('./wx.js');

const { pages } = JSON.parse(fs.readFileSync(`${PROGRAM}/app.json`));
assert.equal(pages.length, 7);
for (const route of pages) {
  JSON.parse(fs.readFileSync(`${PROGRAM}/${route}.json`));
  fs.accessSync(`${PROGRAM}/${route}.wxss`);
  const markup = fs.readFileSync(`${PROGRAM}/${route}.wxml`, 'utf8');
  const page = pageAt(route);
  const handlers = [...markup.matchAll(/(?:bind|catch)\w+="(\w+)"/g)].map(([, name]) => name);
  for (const name of handlers) assert.equal(typeof page[name], 'function', `${route}: ${name}`);
  const expressions = [...markup.matchAll(/\{\{(.*?)\}\}/g)].map(([, text]) => text.replace(/'.*?'/g, ''));
  const names = expressions.flatMap((text) => text.match(/(?<![.\w])[a-z]\w*/gi) || []);
  for (const name of names) assert.ok(name === 'item' || name in page.data, `${route}: ${name}`);
  assert.ok(names.length > 2);
}
process.exit();
