// SPDX-License-Identifier: MIT
// dh_view_page.js DH_VIEW.JS FILE...: what DHAT's viewer makes of files, as a line of JSON each. It
// runs the viewer as it is, in a page that has just what it asks for.
"use strict";

const fs = require("fs");
const vm = require("vm");

class Element {
  constructor(text) {
    this.childNodes = [];
    this.own = text || "";
    const classes = new Set();
    this.classList = {add: (name) => classes.add(name), contains: (name) => classes.has(name)};
  }
  set textContent(text) { this.own = text; this.childNodes = []; }
  get textContent() { return this.own + this.childNodes.map((kid) => kid.textContent).join(""); }
  get selectedIndex() { return this.childNodes.findIndex((option) => option.selected); }
  appendChild(kid) { kid.parentNode = this; this.childNodes.push(kid); }
  cloneNode() { return new Element(); }
  replaceChild(now, before) {
    now.parentNode = this;
    this.childNodes[this.childNodes.indexOf(before)] = now;
  }
}

class FileReader {
  readAsText(file) { this.onload({target: {result: fs.readFileSync(file.name, "utf8")}}); }
}

// All that was read: [frames, bytes, blocks] of each point of the tree at which stacks end.
const leaves = `(function leaves(node, before) {
  const frames = before.concat(node._frames.map((index) => gData.ftbl[index]));
  if (!node._kids)
    return [[frames.slice(1), node._totalBytes, node._totalBlocks]];
  return [].concat(...node._kids.map((kid) => leaves(kid, frames)));
})(gRoot, [])`;

function view(script, file) {
  const document = {body: new Element(), location: {search: ""}, createElement: () => new Element(),
                    createTextNode: (text) => new Element(text)};
  const page = vm.createContext({document, FileReader, URLSearchParams, performance, Intl});
  vm.runInContext(fs.readFileSync(script, "utf8"), page, script);
  vm.runInContext("onLoad()", page);
  page.chosen = {name: file};
  vm.runInContext("gInput.files = [chosen]; loadFile()", page);
  return {
    bytes: vm.runInContext("gRoot._totalBytes", page),
    blocks: vm.runInContext("gRoot._totalBlocks", page),
    leaves: vm.runInContext(leaves, page),
    shown: document.body.textContent,
  };
}

for (const file of process.argv.slice(3))
  console.log(JSON.stringify(view(process.argv[2], file)));
