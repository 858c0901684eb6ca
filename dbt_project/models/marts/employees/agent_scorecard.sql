{%- set estimate = 'shrunk.mean_value + shrunk.shrunk_deviation' -%}
{%- set half_width = var('interval_z') ~ ' * shrunk.standard_error' -%}
{#- Parametric empirical Bayes (Morris 1983): the deviation is multiplied by the share of its variance that lies between agents.
    With few agents that variance is itself uncertain, which widens the interval. Ranked by the lower end of the interval, so that
    neither few cases nor easy cases lead the ranking. -#}
with results as (
    select * from {{ ref('int_employees__agent_results') }}
),

employees as (
    select * from {{ ref('int_employees') }}
),

sampling_errors as (
    select
        *,
        variance_within / case_count as chance_variance
    from results
),

variance_shares as (
    select
        *,
        {{ ratio('chance_variance', 'chance_variance + variance_between') }} as chance_share,
        {{ ratio(
            'sum(chance_variance / nullif(chance_variance + variance_between, 0)) over (partition by measure)',
            'sum(1 / nullif(chance_variance + variance_between, 0)) over (partition by measure)'
        ) }} as usual_variance
    from sampling_errors
),

shrinkages as (
    select
        *,
        coalesce(
            chance_share * case when agent_count > 3 then (agent_count - 3.0) / (agent_count - 1.0) else 1 end, 1
        ) as shrinkage
    from variance_shares
),

shrunk as (
    select
        *,
        1 - shrinkage as reliability,
        (1 - shrinkage) * deviation as shrunk_deviation,
        sqrt(
            chance_variance * (1 - shrinkage * (agent_count - 1.0) / agent_count)
            + case
                when agent_count > 3
                    then 2 / (agent_count - 3.0) * shrinkage * shrinkage * deviation * deviation
                        * (usual_variance + variance_between) / nullif(chance_variance + variance_between, 0)
                else 0
            end
        ) as standard_error
    from shrinkages
),

bounded as (
    select
        shrunk.*,
        measures.name_en,
        measures.name_zh,
        {{ steady(within(estimate, 'measures.lowest', 'measures.highest')) }} as score,
        {{ steady(within(estimate ~ ' - ' ~ half_width, 'measures.lowest', 'measures.highest')) }} as interval_low,
        {{ steady(within(estimate ~ ' + ' ~ half_width, 'measures.lowest', 'measures.highest')) }} as interval_high
    from shrunk
    inner join {{ ref('scorecard_measures') }} as measures on shrunk.measure = measures.measure
),

final as (
    select
        {{ as_of_date() }} as as_of,
        bounded.employee_id,
        employees.team,
        employees.role,
        employees.left_at is null as is_here,
        bounded.measure,
        bounded.name_en as measure_en,
        bounded.name_zh as measure_zh,
        cast(bounded.case_count as bigint) as case_count,
        bounded.raw_value,
        bounded.expected_value,
        bounded.deviation,
        {{ steady('bounded.reliability') }} as reliability_share,
        bounded.score,
        bounded.interval_low,
        bounded.interval_high,
        bounded.mean_value as company_value,
        bounded.case_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        cast(rank() over (partition by bounded.measure order by bounded.interval_low desc nulls last) as bigint) as score_rank,
        cast(rank() over (partition by bounded.measure order by bounded.raw_value desc) as bigint) as raw_rank
    from bounded
    left join employees on bounded.employee_id = employees.employee_id
)

select * from final
