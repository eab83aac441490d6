// The rules that the mini-program's markup keeps: those of eslint-plugin-wxml that find mistakes, not those of taste.
import wxml from 'eslint-plugin-wxml';
import parser from '@wxml/parser';

const RULES = [
  'no-duplicate-attributes',
  'no-dynamic-wx-key',
  'no-inconsistent-tagname',
  'no-index-in-wx-key',
  'no-unexpected-string-bool',
  'no-unnecessary-block',
  'no-vue-directive',
  'no-wx-for-with-wx-else',
  'no-wx-for-with-wx-if',
  'no-wx-if-string',
  'omit-bool-attributes',
  'report-interpolation-error',
  'report-wxml-syntax-error',
  'wx-key',
];

export default [
  {
    files: ['**/*.wxml'],
    plugins: { wxml },
    languageOptions: { parser },
    rules: Object.fromEntries(RULES.map((rule) => [`wxml/${rule}`, 'error'])),
  },
];
