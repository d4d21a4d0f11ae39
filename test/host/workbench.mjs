import { basename, isAbsolute, join } from 'node:path';
import { screenshot } from './browser.mjs';
import { EditorPane } from './editor-pane.mjs';
import { QuickInput } from './quick-input.mjs';
import { quoted, until } from './until.mjs';

/** @import { Locator, Page } from 'playwright-core' */

/**
 * The window of VS Code, in the words of a person who uses it.
 *
 * Every method waits for what it needs and throws after 30 seconds; what returns a `Locator` finds the thing again at each
 * use. Never judge a text right after a click: use `editor.waitForText`, `waitForToast` and their like.
 */
export class Workbench {
  /** @param {Page} page @param {string} folder the absolute path of the opened folder */
  constructor(page, folder) {
    /** Playwright's page, for what has no method here. */
    this.page = page;
    this.folder = folder;
    /** Palette, quick picks and input boxes. */
    this.quick = new QuickInput(page);
    /** The active text editor. */
    this.editor = new EditorPane(page, this.quick);
  }

  /** Waits until the window is drawn. */
  async ready() {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** Reloads the window; secrets and settings stay, and so do unsaved edits. */
  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /** Runs a command from the palette. @param {string} title as the palette shows it: `Purser: Encrypt Secret` */
  async run(title) {
    await this.quick.run(title);
  }

  /** Opens a file and waits for its text. @param {string} path absolute, or relative to the folder */
  async openFile(path) {
    const target = isAbsolute(path) ? path : join(this.folder, path);
    const name = quoted(basename(target));
    await this.quick.open(target);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^=${name}]`).first().click();
    await this.page.locator(`.tab.active[aria-label^=${name}]`).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Trusts the folder, where the session was started with `trust: false`. */
  async grantTrust() {
    await this.run('Workspaces: Manage Workspace Trust');
    const page = this.page.locator('.workspace-trust-editor');
    await page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    await this.statusBarItem('Restricted Mode').waitFor({ state: 'detached' });
  }

  /** What the Problems panel lists, as a screen reader says it: each file, followed by its problems. */
  async problems() {
    await this.run('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** The open modal dialog's words. @returns {Promise<{ message: string, detail: string, buttons: string[] }>} */
  async dialog() {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor();
    const detail = await box.locator('.dialog-message-detail').innerText();
    const text = box.locator('.dialog-message-text');
    // Without a detail, VS Code shows the message in its place.
    const both = (await text.count()) > 0;
    return {
      message: both ? await text.innerText() : detail,
      detail: both ? detail : '',
      buttons: await box.locator('.dialog-buttons .monaco-button').allInnerTexts(),
    };
  }

  /** Presses a button of the open modal dialog and waits until it is gone. @param {string} button */
  async press(button) {
    const box = this.page.locator('.monaco-dialog-box');
    await box.locator('.dialog-buttons').getByRole('button', { name: button, exact: true }).click();
    await box.waitFor({ state: 'detached' });
  }

  /** The notification whose text holds `text`. @param {string} text @returns {Locator} */
  toast(text) {
    return this.page.locator('.notification-toast').filter({ hasText: text }).first();
  }

  /** Waits for a notification and returns its text. @param {string} text */
  async waitForToast(text) {
    const message = this.toast(text).locator('.notification-list-item-message');
    await message.waitFor();
    return message.innerText();
  }

  /** Presses a button of the notification that holds `text`. @param {string} text @param {string} button */
  async pressToast(text, button) {
    await this.toast(text).hover();
    await this.toast(text).getByRole('button', { name: button }).first().click();
  }

  /** The texts of all notifications that are shown. */
  async toasts() {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }

  /** The item of the status bar whose text holds `text`. @param {string} text @returns {Locator} */
  statusBarItem(text) {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
  }

  /** A row of the tree in the side bar, by the start of its label. @param {string} label @returns {Locator} */
  treeRow(label) {
    return this.page.locator(`.part.sidebar .monaco-list-row[aria-label^=${quoted(label)}]`).first();
  }

  /** The document inside the visible webview. */
  get webview() {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  }

  /** What is on the clipboard. @returns {Promise<string>} */
  async clipboard() {
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  /** Puts a text on the clipboard. @param {string} text */
  async setClipboard(text) {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** Waits until the clipboard holds exactly `text`. @param {string} text */
  async waitForClipboard(text) {
    await until('the clipboard to hold the text', async () => (await this.clipboard()) === text);
  }

  /** Saves a picture of the window into `PURSER_SHOTS`, else `shots` in the cache. @param {string} name */
  async screenshot(name) {
    return screenshot(this.page, name);
  }
}
