/** The Map tab alone in a page, with a host that answers from this page's address. */
import { mount } from 'svelte';
import '../../../src/renderer/lib/no-eval';
import '../../../src/renderer/base.css';
import Frame from './Frame.svelte';

const target = document.getElementById('app');
if (target) mount(Frame, { target });
