{%- set other = "'(other paths)'" -%}
with journeys as (
    select * from {{ ref('int_journey__journeys') }}
),

bounds as (
    select
        {{ threshold('journey', 'path_list_length') }} as list_length,
        {{ threshold('journey', 'window_days') }} as window_days,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample
),

path_ranks as (
    select
        path,
        row_number() over (order by count(*) desc, path) as popularity_rank
    from journeys
    where is_complete
    group by path
),

listed_paths as (
    select
        journeys.customer_key,
        journeys.step_count,
        journeys.mean_score,
        journeys.peak_score,
        journeys.end_score,
        case when path_ranks.popularity_rank <= bounds.list_length then journeys.path else {{ other }} end as path,
        case when path_ranks.popularity_rank <= bounds.list_length then path_ranks.popularity_rank end as path_rank
    from journeys
    inner join path_ranks on journeys.path = path_ranks.path
    cross join bounds
    where journeys.is_complete
),

path_counts as (
    select
        path,
        min(path_rank) as path_rank,
        count(*) as journey_count,
        count(distinct customer_key) as customer_count,
        avg(cast(step_count as double)) as mean_step_count,
        avg(mean_score) as mean_score,
        avg(peak_score) as mean_peak_score,
        avg(end_score) as mean_end_score,
        var_samp(end_score) as end_variance,
        count(end_score) as scored_journey_count
    from listed_paths
    group by path
),

totals as (
    select count(*) as total_count
    from journeys
    where is_complete
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        cast(bounds.window_days as bigint) as window_days,
        path_counts.path,
        cast(coalesce(path_counts.path_rank, bounds.list_length + 1) as bigint) as path_rank,
        {{ steady('path_counts.mean_step_count') }} as mean_step_count,
        cast(path_counts.journey_count as bigint) as journey_count,
        cast(path_counts.customer_count as bigint) as customer_count,
        {{ steady(ratio('path_counts.journey_count', 'totals.total_count')) }} as journey_share,
        {{ wilson_low('path_counts.journey_count', 'totals.total_count') }} as journey_share_low,
        {{ wilson_high('path_counts.journey_count', 'totals.total_count') }} as journey_share_high,
        cast(path_counts.scored_journey_count as bigint) as scored_journey_count,
        {{ steady('path_counts.mean_score') }} as mean_score,
        {{ steady('path_counts.mean_peak_score') }} as mean_peak_score,
        {{ steady('path_counts.mean_end_score') }} as mean_end_score,
        {{ mean_interval_end('path_counts.mean_end_score', 'path_counts.end_variance', 'path_counts.scored_journey_count', '-') }}
            as end_score_low,
        {{ mean_interval_end('path_counts.mean_end_score', 'path_counts.end_variance', 'path_counts.scored_journey_count', '+') }}
            as end_score_high,
        path_counts.scored_journey_count >= bounds.minimum_sample as is_reportable
    from path_counts
    cross join totals
    cross join bounds
)

select * from final
