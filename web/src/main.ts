// Starts the page. The style sheets come first so that tokens stand before what names them.
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/plain.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
