{{ config(tags=['decide']) }}
with touchpoints as (
    select * from {{ ref('int_journey__touchpoints') }}
),

weights as (
    select * from {{ ref('int_journey__touchpoint_weights') }}
),

sentiments as (
    select * from {{ ref('int_journey__sentiments') }}
),

bounds as (
    select
        {{ threshold('journey', 'window_days') }} as window_days,
        {{ threshold('journey', 'target_score') }} as target_score,
        {{ threshold('journey', 'minimum_sample') }} as minimum_sample
),

totals as (
    select
        segment,
        max(case when is_reportable then mean_score end) as highest_score,
        min(case when is_reportable then mean_score end) as lowest_score
    from (
        select
            touchpoints.segment,
            touchpoints.mean_score,
            touchpoints.scored_visit_count >= bounds.minimum_sample as is_reportable
        from touchpoints
        cross join bounds
    ) as scored
    group by segment
),

measured as (
    select
        touchpoints.*,
        bounds.window_days,
        bounds.target_score,
        touchpoints.scored_visit_count >= bounds.minimum_sample as is_reportable,
        case
            when touchpoints.mean_score is not null then greatest(bounds.target_score - touchpoints.mean_score, 0)
        end as shortfall
    from touchpoints
    cross join bounds
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        cast(measured.window_days as bigint) as window_days,
        measured.segment,
        measured.touchpoint,
        measured.mean_position,
        measured.visit_count,
        measured.journey_count,
        measured.customer_count,
        measured.score_basis,
        measured.scored_visit_count,
        measured.is_reportable,
        measured.mean_score,
        {{ mean_interval_end('measured.mean_score', 'measured.score_variance', 'measured.scored_visit_count', '-') }}
            as score_low,
        {{ mean_interval_end('measured.mean_score', 'measured.score_variance', 'measured.scored_visit_count', '+') }}
            as score_high,
        coalesce(sentiments.text_count, 0) as text_count,
        sentiments.mean_sentiment,
        {{ mean_interval_end('sentiments.mean_sentiment', 'sentiments.sentiment_variance', 'sentiments.text_count', '-') }}
            as sentiment_low,
        {{ mean_interval_end('sentiments.mean_sentiment', 'sentiments.sentiment_variance', 'sentiments.text_count', '+') }}
            as sentiment_high,
        coalesce(measured.is_reportable and measured.mean_score = totals.highest_score, false) as is_peak,
        coalesce(measured.is_reportable and measured.mean_score = totals.lowest_score, false) as is_valley,
        {{ steady(ratio('measured.ended_journey_count', 'measured.complete_journey_count')) }} as drop_off_share,
        {{ wilson_low('measured.ended_journey_count', 'measured.complete_journey_count') }} as drop_off_low,
        {{ wilson_high('measured.ended_journey_count', 'measured.complete_journey_count') }} as drop_off_high,
        {{ steady(ratio('measured.broken_promise_count', 'measured.promise_count')) }} as broken_promise_share,
        weights.weight,
        weights.weight_low,
        weights.weight_high,
        weights.penalty,
        weights.penalty_low,
        weights.penalty_high,
        weights.reward,
        weights.reward_low,
        weights.reward_high,
        weights.met_answer_count,
        weights.bad_answer_count,
        weights.good_answer_count,
        {{ steady('measured.shortfall') }} as shortfall,
        {{ steady('weights.weight * measured.shortfall') }} as opportunity,
        {{ steady('weights.weight_low * measured.shortfall') }} as opportunity_low,
        {{ steady('weights.weight_high * measured.shortfall') }} as opportunity_high,
        case
            when weights.weight is not null and measured.shortfall is not null
                then
                    cast(
                        rank() over (
                            partition by measured.segment
                            order by weights.weight * measured.shortfall desc nulls last
                        ) as bigint
                    )
        end as opportunity_rank
    from measured
    inner join totals on measured.segment = totals.segment
    left join weights on measured.touchpoint = weights.touchpoint
    left join sentiments
        on measured.segment = sentiments.segment
        and measured.touchpoint = sentiments.touchpoint
)

select * from final
