// Compiles an example as its users do, opens it in a DOM, votes as a person would, and prints what the page then says.
// node --conditions=browser pages.js vue|svelte URL
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Window } from 'happy-dom';
import { compile } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';

const [framework, url] = process.argv.slice(2);
const source = new URL(`../../examples/${framework}/`, import.meta.url);
const made = new URL(`generated/${framework}/`, import.meta.url);
const read = (name) => readFileSync(new URL(name, source), 'utf8');
const write = (name, text) => writeFileSync(new URL(name, made), text);

mkdirSync(made, { recursive: true });

async function vue() {
  const { descriptor, errors } = parse(read('Vote.vue'), { filename: 'Vote.vue' });
  if (errors.length) throw errors[0];
  write('Vote.vue.js', compileScript(descriptor, { id: 'vote', inlineTemplate: true }).content);
  write('voting.js', read('voting.js').replace('./Vote.vue', './Vote.vue.js'));
  const { mount } = await import(new URL('voting.js', made));
  return (element) => mount(element, url);
}

async function svelte() {
  const { js, warnings } = compile(read('Vote.svelte'), { filename: 'Vote.svelte', generate: 'client' });
  if (warnings.length) throw new Error(warnings[0].message);
  write('Vote.svelte.js', js.code);
  copyFileSync(new URL('pingxuan.js', source), new URL('pingxuan.js', made));
  write('main.js', "export { mount } from 'svelte';\nexport { default as Vote } from './Vote.svelte.js';\n");
  const { mount, Vote } = await import(new URL('main.js', made));
  return (element) => mount(Vote, { target: element, props: { url } });
}

const window = new Window({ url: new URL(url).origin });
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis)) globalThis[name] = window[name];
}
Object.assign(globalThis, { window, document: window.document, Event: window.Event });

const open = await { vue, svelte }[framework]();
const root = document.body.appendChild(document.createElement('main'));
open(root);

async function shows(selector) {
  for (const began = Date.now(); ; await new Promise((done) => setTimeout(done, 20))) {
    const found = root.querySelectorAll(selector);
    if (found.length) return [...found];
    if (Date.now() - began > 20000) throw new Error(`${selector} never came: ${root.innerHTML}`);
  }
}

const boxes = await shows('[type=checkbox]');
const [name] = await shows('[name=name]');
name.value = `${framework} ${Date.now()}`;
name.dispatchEvent(new Event('input', { bubbles: true }));
const submit = () => root.querySelector('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));

async function tick(box) {
  box.click();
  await new Promise((done) => setTimeout(done)); // nobody clicks twice before the page has drawn
}

await tick(boxes[0]);
submit();
const [problem] = await shows('[role=alert]');
const refused = problem.textContent;
for (const box of boxes.slice(1, 10)) await tick(box);
submit();
const [cast] = await shows('output');
console.log(JSON.stringify({ candidates: boxes.length, refused, cast: cast.textContent }));
process.exit();
