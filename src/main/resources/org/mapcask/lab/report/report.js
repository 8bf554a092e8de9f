'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const many = data.runs.length > 1;
  const colours = 9;
  let charts = [];

  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = index => css('--c' + index % colours);
  const three = value => {
    const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return value.toFixed(digits).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  };
  const unit = (value, names) => {
    let step = 0;
    while (value >= 999.5 && step < names.length - 1) {
      value /= 1000;
      step++;
    }
    return three(value) + ' ' + names[step];
  };
  const time = ns => ns == null ? '–' : unit(ns, ['ns', 'µs', 'ms', 's']);
  const count = value => value == null ? '–' : Math.round(value).toLocaleString('en-US');
  const rate = value => value == null ? '–' : unit(value, ['/s', 'k/s', 'M/s', 'G/s']);
  const bytes = value => value == null ? '–' : unit(value, ['B', 'kB', 'MB', 'GB', 'TB']);
  const seconds = value => value == null ? '–' : three(value) + ' s';
  const label = recording => (many ? data.runs[recording.run].name + ' · ' : '') + recording.tag;
  const percentile = nine => {
    const share = 100 * (1 - Math.pow(10, -nine));
    return share.toFixed(Math.max(0, Math.ceil(nine) - 2 + (nine % 1 ? 2 : 0))) + ' %';
  };

  const element = (name, parent, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return parent ? parent.appendChild(made) : made;
  };

  const axis = (format, more) => Object.assign({
    stroke: css('--dim'), font: '12px system-ui, sans-serif', values: (u, splits) => splits.map(format),
    grid: {stroke: css('--grid'), width: 1}, ticks: {stroke: css('--grid'), width: 1, size: 4},
  }, more || {});

  /* Labels at powers of ten; where there is room, grid lines at 2 and 5 have none. */
  const logAxis = (format, more) => axis(value => value, Object.assign({
    size: 64, values: (u, splits) => splits.map(v => v > 0 && Math.abs(Math.log10(v) % 1) < 1e-9 ? format(v) : null),
  }, more || {}));

  const line = (name, stroke, format, more) => Object.assign({
    label: name, stroke, width: 1.8, points: {show: false}, value: (u, value) => format(value),
  }, more || {});

  const logRange = (u, low, high) => low == null || high == null ? [1, 10]
    : [Math.pow(10, Math.floor(Math.log10(Math.max(1, low)))), Math.pow(10, Math.ceil(Math.log10(Math.max(2, high))))];

  function draw(card, height, options, values) {
    const place = element('div', card);
    const width = () => Math.max(240, card.clientWidth - 26);
    const chart = new uPlot(Object.assign({width: width(), height}, options), values, place);
    charts.push({chart, resize: () => chart.setSize({width: width(), height})});
    return chart;
  }

  /* Shades the times of merges and checkpoints behind the curves. */
  const shading = spans => ({
    drawClear: [u => {
      u.ctx.save();
      for (const [kind, from, until] of spans) {
        const left = Math.max(u.bbox.left, u.valToPos(from, 'x', true));
        const right = Math.min(u.bbox.left + u.bbox.width, Math.max(left + 2, u.valToPos(until, 'x', true)));
        if (right > left) {
          u.ctx.fillStyle = css(kind === 'merge' ? '--span' : '--span-2');
          u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
        }
      }
      u.ctx.restore();
    }],
  });

  function key(card, spans) {
    const kinds = [...new Set(spans.map(span => span[0]))];
    if (kinds.length > 0) {
      const text = element('p', card, undefined, 'key');
      kinds.forEach(kind => {
        element('i', text).style.background = css(kind === 'merge' ? '--span' : '--span-2');
        text.append(kind === 'merge' ? 'a merge runs' : 'a checkpoint is made');
      });
    }
  }

  /* Short dashes are service time. Curves that share a colour have dots, the more, the later they come. */
  const pattern = (index, service) => {
    const dots = [2, 4, 2, 4, 2, 4].slice(0, 2 * (Math.floor(index / colours) % 4));
    return service ? [5, 4].concat(dots) : dots.length < 4 ? [undefined, [2, 3]][dots.length / 2] : [14, 4].concat(dots.slice(2));
  };

  /* Latency by percentile of any number of curves: [{name, values, colour, service, width}]. */
  function nineChart(card, height, curves, hiccup) {
    const series = [{label: 'percentile', value: (u, value) => value == null ? '–' : percentile(value)}];
    const values = [data.nines];
    curves.forEach(curve => {
      series.push(line(curve.name, colour(curve.colour), time, {
        width: curve.width || 2, dash: pattern(curve.colour, curve.service),
        mark: curve.service ? 'dashed' : curve.colour >= colours ? 'dotted' : 'solid'}));
      values.push(curve.values);
    });
    const lowest = Math.min(...values.slice(1).flat().filter(value => value != null));
    const idle = data.nines.map((nine, at) => hiccup(at) > 0 ? Math.max(lowest, hiccup(at)) : null);
    if (idle.some(value => value)) {
      series.push(line('idle thread', css('--dim'), time, {
        width: 1, fill: css('--hiccup'), fillTo: u => u.scales.y.min}));
      values.push(idle);
    }
    const nines = data.nines[data.nines.length - 1];
    draw(card, height, {
      series, scales: {x: {time: false, range: [0, nines]}, y: {distr: 3, range: logRange}},
      axes: [axis(time, {
        splits: () => Array.from({length: nines + 1}, (unused, at) => at), size: 30, label: 'percentile, %', labelSize: 22,
        labelFont: '12px system-ui, sans-serif', values: (u, splits) => {
          // Where labels would run into each other, every second or third one stays.
          const step = Math.ceil(62 * nines / Math.max(1, u.bbox.width / devicePixelRatio));
          return splits.map(value => (nines - value) % step ? null : percentile(value).replace(' %', ''));
        }}), logAxis(time)],
      cursor: {y: false}, padding: [12, 34, 0, 0], legend: {markers: {dash: (u, at) => series[at].mark || 'solid'}},
    }, values);
  }

  function percentiles() {
    const curves = [];
    data.recordings.forEach((recording, index) => {
      curves.push({name: label(recording), values: recording.response, colour: index, width: 2.2});
      if (recording.service) {
        curves.push({name: label(recording) + ', service', values: recording.service, colour: index, width: 1.4, service: true});
      }
    });
    nineChart(document.getElementById('percentiles'), 420, curves,
      at => Math.max(...data.recordings.map(recording => recording.hiccup && recording.hiccup[at] || 0)));
  }

  const timeAxis = () => axis(seconds, {size: 32, values: (u, splits) => splits.map(value => three(value) + ' s')});
  const timeScale = recording => ({time: false, range: [0, Math.max(...recording.heat.ends)]});

  function card(grid, title) {
    const made = element('div', grid, undefined, 'card');
    element('h4', made, title);
    return made;
  }

  function latencyOverTime(grid, recording) {
    const made = card(grid, recording.open ? 'Response time over time' : 'Service time over time');
    const names = ['p50', 'p99', 'p99.9', 'max'];
    draw(made, 260, {
      series: [{label: 'time', value: (u, value) => seconds(value)}].concat(names.map((name, index) =>
        line(name, colour([0, 2, 4, 1][index]), time))),
      scales: {x: timeScale(recording), y: {distr: 3, range: logRange}},
      axes: [timeAxis(), logAxis(time)], hooks: shading(recording.spans), cursor: {y: false},
    }, [recording.time.at].concat(recording.time.lines));
    key(made, recording.spans);
  }

  function throughput(grid, recording) {
    const made = card(grid, 'Operations a second');
    draw(made, 260, {
      series: [{label: 'time', value: (u, value) => seconds(value)}, line('done', colour(0), rate, {
        fill: colour(0) + '22', paths: uPlot.paths.stepped({align: 0})})],
      scales: {x: timeScale(recording), y: {range: (u, low, high) => [0, (high || 1) * 1.15]}},
      axes: [timeAxis(), axis(rate, {size: 64})], hooks: shading(recording.spans), cursor: {y: false},
    }, [recording.time.at, recording.time.rate]);
    key(made, recording.spans);
  }

  function space(grid, recording) {
    const made = card(grid, 'Bytes of the store');
    const names = ['live', 'dead', 'segment files'];
    draw(made, 260, {
      series: [{label: 'time', value: (u, value) => seconds(value)}].concat(names.map((name, index) =>
        line(name, colour([2, 1, 0][index]), bytes))),
      scales: {x: timeScale(recording), y: {range: (u, low, high) => [0, (high || 1) * 1.1]}},
      axes: [timeAxis(), axis(bytes, {size: 64})], hooks: shading(recording.spans), cursor: {y: false},
    }, recording.space);
    key(made, recording.spans);
  }

  /* Every cell is a part of a second and a tenth of a decade; the darker, the more operations, by the logarithm. */
  function heat(grid, recording) {
    const made = card(grid, 'How many operations took how long');
    const {edges, begins, ends, cells, max} = recording.heat;
    const low = css('--heat-low').split(',').map(Number);
    const high = css('--heat-high').split(',').map(Number);
    const shade = value => {
      const share = max > 1 ? Math.log(value) / Math.log(max) : 1;
      return 'rgb(' + low.map((part, at) => Math.round(part + share * (high[at] - part))).join(',') + ')';
    };
    const byColumn = begins.map(() => new Map());
    cells.forEach(([column, row, value]) => byColumn[column].set(row, value));
    const under = u => {
      const column = u.cursor.idx;
      const value = u.cursor.top >= 0 ? u.posToVal(u.cursor.top, 'y') : null;
      const row = value == null ? -1 : edges.findIndex((edge, at) => edge <= value && value < edges[at + 1]);
      return column == null || row < 0 ? null : {row, count: byColumn[column].get(row) || 0};
    };
    draw(made, 260, {
      series: [{label: 'time', value: (u, value) => seconds(value)}, {
        label: 'took', points: {show: false}, paths: () => null, stroke: shade(max),
        value: u => {
          const cell = under(u);
          return cell ? time(edges[cell.row]) + ' to ' + time(edges[cell.row + 1]) + ': ' + count(cell.count) : '–';
        }}],
      scales: {x: timeScale(recording),
        y: {distr: 3, range: () => logRange(null, edges[0], edges[edges.length - 1])}},
      axes: [timeAxis(), logAxis(time)], cursor: {y: true, points: {show: false}},
      hooks: {draw: [u => {
        u.ctx.save();
        for (const [column, row, value] of cells) {
          const left = u.valToPos(begins[column], 'x', true);
          const right = u.valToPos(ends[column], 'x', true);
          const top = u.valToPos(edges[row + 1], 'y', true);
          const bottom = u.valToPos(edges[row], 'y', true);
          u.ctx.fillStyle = shade(value);
          u.ctx.fillRect(Math.floor(left), Math.floor(top), Math.ceil(right) - Math.floor(left),
            Math.ceil(bottom) - Math.floor(top));
        }
        u.ctx.restore();
      }]},
    }, [recording.time.at, recording.time.lines[0]]);
    const text = element('p', made, undefined, 'key');
    [1, Math.round(Math.sqrt(max)), max].filter((value, at, all) => all.indexOf(value) === at).forEach(value => {
      element('i', text).style.background = shade(value);
      text.append(count(value));
    });
    text.append(' operations a cell');
  }

  function summary() {
    const table = document.getElementById('summary');
    table.replaceChildren();
    const head = element('tr', element('thead', table));
    ['measurement', 'time', 'operations', 'rate', 'p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max']
      .forEach(name => element('th', head, name));
    const body = element('tbody', table);
    data.recordings.forEach((recording, index) => {
      const row = element('tr', body);
      named(label(recording), index)(element('td', row));
      [recording.open ? 'response' : 'service', count(recording.count), rate(recording.rate)]
        .concat(recording.table.map(time)).forEach(text => element('td', row, text));
      if (recording.serviceTable) {
        const second = element('tr', body, undefined, 'second');
        ['', 'service', '', ''].concat(recording.serviceTable.map(time))
          .forEach(text => element('td', second, text));
      }
    });
  }

  /* Rows of a table: texts, or functions that fill the cell. */
  function table(parent, heads, rows, className) {
    const made = element('table', element('div', parent, undefined, 'scroll'), undefined, className);
    const head = element('tr', element('thead', made));
    heads.forEach(text => element('th', head, text));
    const body = element('tbody', made);
    rows.forEach(row => {
      const line = element('tr', body);
      row.forEach(cell => typeof cell === 'function' ? cell(element('td', line)) : element('td', line, cell));
    });
  }

  const named = (name, index) => cell => {
    element('span', cell, undefined, 'swatch').style.background = colour(index);
    cell.append(name);
  };

  /* Ratios with their intervals on a logarithmic axis around 1, a row each; all charts of a workload have one axis. */
  function effects(grid, metric, index, rows, span) {
    const drawn = rows.filter(row => row.cells[index].pairs > 0);
    if (drawn.length === 0) {
      return;
    }
    const made = card(grid, metric.title + (metric.higher ? ', more is better' : ', less is better'));
    const place = ratio => 50 + 50 * Math.max(-1, Math.min(1, Math.log(ratio) / Math.log(span)));
    const box = element('div', made, undefined, 'effects');
    // What matters most comes first; what would run into it gives way.
    const ticks = [1, 0.1, 10, 0.01, 100, 0.001, 1000, 0.5, 2, 0.2, 5, 0.8, 1.25, 0.9, 1.1, 0.95, 1.05]
      .filter(tick => tick >= 1 / span && tick <= span)
      .reduce((kept, tick) => kept.some(other => Math.abs(place(tick) - place(other)) < 14)
        ? kept : kept.concat(tick), []);
    drawn.forEach(row => {
      const cell = row.cells[index];
      const [middle, low, high] = cell.ratio;
      element('span', box, row.label, 'effect-name');
      element('span', box, cell.text.replace(/ \[.*/, ''), 'effect-text');
      const track = element('span', box, undefined, 'effect-track');
      track.title = row.label + ' against ' + row.baseline + ': ' + cell.from + ' to ' + cell.to + ', ' + cell.text
        + ', ' + cell.pairs + ' pairs: ' + cell.words;
      ticks.forEach(tick => {
        element('i', track, undefined, tick === 1 ? 'tick one' : 'tick').style.left = place(tick) + '%';
      });
      const kind = {BETTER: ' better', WORSE: ' worse'}[cell.verdict] || '';
      const bar = element('i', track, undefined, 'interval' + kind);
      bar.style.left = place(low) + '%';
      bar.style.width = place(high) - place(low) + '%';
      element('i', track, undefined, 'dot' + kind).style.left = place(middle) + '%';
    });
    const axisRow = element('span', box, undefined, 'effect-axis');
    ticks.forEach(tick => {
      element('i', axisRow, '×' + tick).style.left = place(tick) + '%';
    });
  }

  function sweep(section, run) {
    const {measured, planned, workloads} = run.sweep;
    const note = element('p', section, 'Each value of a knob against its baseline, by pairs that were measured in the '
      + 'same round: the ratio, and in brackets its 95 % interval. Green is better and orange is worse where the whole '
      + 'interval lies on one side of no change; all else shows no significant difference, or has too few pairs to '
      + 'show one. ', 'note');
    if (measured < planned) {
      element('span', note, 'The sweep is not over: ' + measured + ' of ' + planned + ' measurements.', 'bad');
    }
    workloads.forEach(workload => {
      const title = element('h3', section, workload.tag);
      element('small', title, workload.meaning);
      table(section, ['value', 'baseline', 'pairs'].concat(workload.metrics.map(metric => metric.title)),
        workload.rows.map(row => [row.label, row.baseline, String(row.cells[0].pairs)].concat(row.cells.map(cell => made => {
          made.textContent = cell.text;
          made.title = cell.words + ': ' + cell.from + ' to ' + cell.to;
          made.className = {BETTER: 'better', WORSE: 'worse'}[cell.verdict] || 'none';
        }))), 'left3');
      const grid = element('div', section, undefined, 'grid gap');
      const ratios = workload.rows.flatMap(row => row.cells.filter((cell, at) => workload.metrics[at].drawn && cell.pairs > 0)
        .flatMap(cell => cell.ratio));
      const span = 1.03 * Math.max(1.1, ...ratios.map(ratio => Math.max(ratio, 1 / ratio)));
      workload.metrics.forEach((metric, index) => metric.drawn && effects(grid, metric, index, workload.rows, span));
    });
  }

  /* Bars of all stores under each figure; every figure has a scale of its own that begins at zero. */
  function peers(section, run) {
    run.peers.forEach(({valueLength, figures}) => {
      element('h3', section, 'Values of ' + count(valueLength) + ' B');
      const grid = element('div', section, undefined, 'grid');
      figures.forEach(figure => {
        const made = card(grid, figure.title + (figure.rate ? '' : ' (less is better)'));
        const box = element('div', made, undefined, 'bars');
        const most = Math.max(...figure.cells.map(cell => cell.value));
        figure.cells.forEach(cell => {
          element('span', box, cell.name, 'bar-name');
          const track = element('span', box, undefined, 'bar-track');
          const bar = element('i', track);
          bar.style.background = colour(cell.colour);
          bar.style.width = (most > 0 ? Math.max(0.3, 100 * cell.value / most) : 0) + '%';
          element('span', box, cell.text, 'bar-text');
        });
      });
    });
  }

  /* Curves on top of each other, and a table of them. */
  function groups(section, run) {
    if (run.groups.length > 0) {
      element('h3', section, 'Latency by percentile');
    }
    run.groups.forEach(group => {
      const made = card(section, group.title);
      made.classList.add('wide');
      if (group.note) {
        element('p', made, group.note, 'note');
      }
      nineChart(made, 340, group.curves, at => group.hiccup && group.hiccup[at] || 0);
      table(made, ['', 'operations', 'p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max'], group.curves.map(curve =>
        [named(curve.name, curve.colour), count(curve.count)].concat(curve.table.map(time))));
    });
  }

  function compared() {
    const place = document.getElementById('compared');
    place.replaceChildren();
    data.runs.filter(run => run.sweep || run.peers || run.groups.length > 0).forEach(run => {
      const section = element('section', place);
      element('h2', section, (run.sweep ? 'What each knob does' : 'Stores side by side') + (many ? ': ' + run.name : ''));
      if (run.sweep) {
        sweep(section, run);
      }
      if (run.peers) {
        peers(section, run);
      }
      groups(section, run);
    });
  }

  function heads() {
    const runs = document.getElementById('runs');
    data.runs.forEach((run, index) => {
      runs.append(index > 0 ? ' · ' : '', run.name);
      if (run.failed) {
        element('span', runs, ' This run FAILED; cite no number of it.', 'bad');
      }
    });
    const environment = document.getElementById('environment');
    data.runs.forEach(run => {
      const details = element('details', environment);
      element('summary', details, run.name);
      details.open = !many;
      if (run.command) {
        element('pre', details, run.command);
      }
      if (run.environment) {
        element('pre', details, run.environment);
      }
    });
  }

  function all() {
    charts.forEach(({chart}) => chart.destroy());
    charts = [];
    compared();
    document.getElementById('measured').hidden = data.recordings.length === 0;
    if (data.recordings.length === 0) {
      return;
    }
    document.getElementById('percentiles').replaceChildren();
    const section = document.getElementById('recordings');
    section.replaceChildren();
    summary();
    percentiles();
    element('h2', section, 'Over time');
    data.recordings.forEach(recording => {
      const title = element('h3', section, label(recording));
      element('small', title, count(recording.count) + ' operations, ' + rate(recording.rate));
      const grid = element('div', section, undefined, 'grid');
      latencyOverTime(grid, recording);
      heat(grid, recording);
      throughput(grid, recording);
      if (recording.space) {
        space(grid, recording);
      }
    });
  }

  heads();
  all();
  let waiting = 0;
  addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => charts.forEach(({resize}) => resize()), 120);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
})();
