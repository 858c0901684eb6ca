with benchmarks as (
    select * from {{ ref('benchmarks') }}
),

known as (
    select metric from {{ ref('satisfaction_scales') }}
    union
    select metric from {{ ref('kpi_definitions') }}
),

repeated as (
    select
        metric,
        dimension,
        dimension_value,
        coalesce(competitor, kind) as whose,
        count(*) as line_count
    from benchmarks
    group by metric, dimension, dimension_value, coalesce(competitor, kind)
    having count(*) > 1
),

problems as (
    select
        concat(
            'benchmarks.csv has ', cast(line_count as string), ' benchmarks of ', whose, ' for ', metric, ' (', dimension,
            ': ', dimension_value, '); keep one line'
        ) as problem
    from repeated
    union all
    select
        concat('benchmarks.csv: ', benchmarks.metric, ' is not a metric; write one of satisfaction_scales.csv or kpi_definitions.csv')
            as problem
    from benchmarks
    left join known on benchmarks.metric = known.metric
    where known.metric is null
    union all
    select concat('benchmarks.csv: the kind of ', metric, ' is ', kind, '; write industry, or competitor and who it is') as problem
    from benchmarks
    where kind not in ('industry', 'competitor') or (kind = 'competitor') != (competitor is not null)
    union all
    select
        concat(
            'benchmarks.csv: ', metric, ' of ', dimension, ' ', dimension_value,
            '; write overall and all, or one of region, segment, product, channel, touchpoint, team with its value'
        ) as problem
    from benchmarks
    where
        dimension not in ('overall', 'region', 'segment', 'product', 'channel', 'touchpoint', 'team')
        or (dimension = 'overall') != (dimension_value = 'all')
)

select * from problems
