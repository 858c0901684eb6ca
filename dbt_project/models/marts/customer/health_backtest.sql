{#- Compares health scores of past nights with later churn. The nights are one churn horizon apart, so that each departure counts
    once. AUC by ranks (Mann and Whitney 1947): the probability that a churned customer had a lower score than a retained one. -#}
with labels as (
    select *
    from {{ feature_history('churn_labels') }} as known
    where known_from <= {{ as_of_date() }}
),

nights as (
    select
        as_of,
        floor({{ days_between('as_of', '(select max(as_of) from labels)') }} / {{ var('churn_horizon_days') }}) as bucket
    from (select distinct as_of from labels) as labelled
),

tested_nights as (
    select max(as_of) as as_of
    from nights
    group by bucket
),

scored_customers as {{ materialized() }} (
    select
        scores.customer_key,
        scores.as_of,
        scores.health_score,
        labels.definition,
        case when labels.is_churned then 1 else 0 end as churned
    from {{ ref('int_customer__health_scores') }} as scores
    inner join labels on scores.customer_key = labels.customer_key and scores.as_of = labels.as_of
    inner join tested_nights on scores.as_of = tested_nights.as_of
),

ranked as {{ materialized() }} (
    select
        *,
        rank() over (partition by definition, as_of order by health_score) - 1 as below,
        count(*) over (partition by definition, as_of) as customers,
        rank() over (partition by definition order by health_score)
        + (count(*) over (partition by definition, health_score) - 1) / 2.0 as middle_rank
    from scored_customers
),

overall as (
    select
        definition,
        count(*) as sample_size,
        sum(churned) as churned,
        1 - {{ ratio(
            'sum(case when churned = 1 then middle_rank end) - sum(churned) * (sum(churned) + 1) / 2.0',
            'sum(churned) * (count(*) - sum(churned))'
        ) }} as auc,
        count(distinct as_of) as night_count,
        min(as_of) as first_night,
        max(as_of) as last_night
    from ranked
    group by definition
),

deciles as (
    select
        definition,
        cast(1 + floor(10.0 * below / customers) as bigint) as health_decile,
        min(health_score) as score_from,
        max(health_score) as score_to,
        count(*) as sample_size,
        sum(churned) as churned
    from ranked
    group by definition, cast(1 + floor(10.0 * below / customers) as bigint)
),

final as (
    select
        {{ as_of_date() }} as as_of,
        deciles.definition,
        deciles.health_decile,
        deciles.score_from,
        deciles.score_to,
        cast(deciles.sample_size as bigint) as sample_size,
        cast(deciles.churned as bigint) as churned_count,
        {{ steady('deciles.churned / cast(deciles.sample_size as double)') }} as churn_rate,
        {{ steady(wilson_low('deciles.churned', 'deciles.sample_size')) }} as interval_low,
        {{ steady(wilson_high('deciles.churned', 'deciles.sample_size')) }} as interval_high,
        deciles.sample_size >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        {{ steady('overall.churned / cast(overall.sample_size as double)') }} as overall_churn_rate,
        {{ steady(ratio('deciles.churned * overall.sample_size', 'deciles.sample_size * overall.churned')) }} as lift,
        {{ steady('overall.auc') }} as auc,
        cast(overall.night_count as bigint) as night_count,
        overall.first_night,
        overall.last_night
    from deciles
    inner join overall on deciles.definition = overall.definition
)

select * from final
