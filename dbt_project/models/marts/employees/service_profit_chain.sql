{#- Two comparisons per link: pooled over all teams and surveys, and within teams. The second subtracts each team's mean, which
    removes permanent differences between teams such as their kind of work or customers. -#}
with pairs as (
    select * from {{ ref('int_employees__chain_pairs') }}
),

means as (
    select
        cause,
        effect,
        avg(cause_value) as cause_mean,
        avg(effect_value) as effect_mean
    from pairs
    group by cause, effect
),

team_means as (
    select
        cause,
        effect,
        team,
        avg(cause_value) as cause_mean,
        avg(effect_value) as effect_mean
    from pairs
    group by cause, effect, team
),

offsets as (
    select
        'pooled' as comparison,
        pairs.cause,
        pairs.effect,
        pairs.team,
        pairs.cause_value - means.cause_mean as cause_offset,
        pairs.effect_value - means.effect_mean as effect_offset
    from pairs
    inner join means on pairs.cause = means.cause and pairs.effect = means.effect
    union all
    select
        'within_team' as comparison,
        pairs.cause,
        pairs.effect,
        pairs.team,
        pairs.cause_value - team_means.cause_mean as cause_offset,
        pairs.effect_value - team_means.effect_mean as effect_offset
    from pairs
    inner join team_means
        on pairs.cause = team_means.cause and pairs.effect = team_means.effect and pairs.team = team_means.team
),

sums as (
    select
        comparison,
        cause,
        effect,
        cast(count(*) as double) as pair_count,
        count(distinct team) as team_count,
        sum(cause_offset * effect_offset) as products,
        sum(cause_offset * cause_offset) as cause_squares,
        sum(effect_offset * effect_offset) as effect_squares
    from offsets
    group by comparison, cause, effect
),

correlations as (
    select
        *,
        {{ correlation('products', 'cause_squares', 'effect_squares') }} as correlation,
        pair_count - case when comparison = 'within_team' then team_count - 1 else 0 end as effective_pairs
    from sums
),

final as (
    select
        {{ as_of_date() }} as as_of,
        cause,
        effect,
        comparison,
        cast(pair_count as bigint) as team_month_count,
        cast(team_count as bigint) as team_count,
        {{ steady('correlation') }} as correlation,
        {{ fisher_end('correlation', 'effective_pairs', '-') }} as interval_low,
        {{ fisher_end('correlation', 'effective_pairs', '+') }} as interval_high,
        {{ steady('products / nullif(cause_squares, 0)') }} as slope,
        pair_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable
    from correlations
)

select * from final
