import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const inBrowser = [
  'document', 'window', 'fetch', 'location', 'navigator', 'localStorage', 'sessionStorage', 'matchMedia', 'open', 'EventSource', 'URL', 'URLSearchParams',
  'Intl', 'CSS', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'requestAnimationFrame', 'AbortController', 'HTMLElement', 'Event',
  'CustomEvent', 'crypto', 'innerWidth', 'innerHeight',
  // Scripts that the page loads by themselves.
  'AdaptiveCards', 'markdownit',
];
const inNode = ['process', 'module', 'require', 'console', 'URL', 'setTimeout', 'clearTimeout'];
const readOnly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

const careful = {
  'no-console': 'error',
  'no-debugger': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: 'error',
};

export default defineConfig(
  globalIgnores(['dist/', 'data/', 'coverage/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...careful,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Ports are objects of functions that know no `this`, handed on one by one; and a port's promise may be answered at once.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // What a deployment may set is read in one place.
    files: ['src/**'],
    ignores: ['src/config.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' }] },
  },
  {
    // What a browser test hands to the page runs there, among things that Node's types do not know.
    files: ['test/**/page.spec.ts', 'test/browser/**'],
    rules: {
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: { globals: readOnly(inNode) },
    rules: {
      ...careful,
      'no-undef': 'error',
      'no-unused-vars': 'error',
      'no-unreachable': 'error',
      'no-dupe-keys': 'error',
      'no-const-assign': 'error',
      'no-redeclare': 'error',
      'no-fallthrough': 'error',
      'no-cond-assign': 'error',
      'valid-typeof': 'error',
      'no-unsafe-finally': 'error',
    },
  },
  {
    files: ['src/local/console/page/**/*.js'],
    languageOptions: { sourceType: 'module', globals: readOnly(inBrowser) },
    rules: { 'no-restricted-globals': ['error', ...inNode.filter((name) => !inBrowser.includes(name) && name !== 'console')] },
  },
);
